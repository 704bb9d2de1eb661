"""`destination certify`: a scripted conversation with a ministry's endpoint."""
