"""One killable child process per reader of untrusted bytes."""
