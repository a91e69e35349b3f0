package strips

// Held is the memory the strips take, in bytes.
func (p *Picture) Held() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	n := 0
	for _, b := range p.packed {
		n += len(b)
	}
	return n
}
