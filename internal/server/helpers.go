package server

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// flag reads a filter that is true, false or absent.
func flag(s string) *bool {
	if s == "" {
		return nil
	}
	b := s == "true"
	return &b
}
