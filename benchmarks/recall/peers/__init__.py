"""The systems that are compared, each behind one function: benchmark → outcome."""
