"""What channels share that can answer a reporter: how one message is sent, worded and read back."""
