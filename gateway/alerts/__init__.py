"""What operations is woken up for: conditions found, how they last, and what to say of them."""
