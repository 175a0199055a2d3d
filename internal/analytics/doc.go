// Package analytics answers questions over conversations: how many, how they
// went, which group of them does better. It asks the rollups where they know the
// answer, and must never say that two groups differ where the data does not.
package analytics
