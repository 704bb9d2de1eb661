"""A ministry's SFTP server: a signed file for each case, and a file in answer."""
