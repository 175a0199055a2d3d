package timing

import "time"

// OrDefault returns n, or d if n is nothing.
func OrDefault[T int | int64 | time.Duration](n, d T) T {
	if n <= 0 {
		return d
	}
	return n
}
