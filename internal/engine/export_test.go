package engine

// ForgetPrices makes the next call read the price table anew.
func (e *Engine) ForgetPrices() { e.prices.Clear() }
