"""Africa's Talking SMS."""
