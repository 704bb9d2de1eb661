"""What deliveries of several vendors have in common: forms, documents, signatures, SMS, mail, files behind links."""
