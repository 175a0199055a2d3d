package engine

// ForgetPrices makes the next call read the price table anew.
func (e *Engine) ForgetPrices() {
	e.prices.mu.Lock()
	defer e.prices.mu.Unlock()
	clear(e.prices.entries)
}
