"""What a net does to a digit: its layers, every value's sum, what mattered; and filters on photographs."""
