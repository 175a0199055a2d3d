package store

// Tiles are the numbers above the list.
type Tiles struct {
	Conversations     int64
	Last7Days         int64 // started since the midnight six days ago
	AssistantMessages int64
	AverageSeconds    float64 // of the durations of conversations that have messages
	Waiting           int64   // conversations that wait for a person
}
