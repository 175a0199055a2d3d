package store

import "context"

type patientContext struct{}

// Patient marks work that nobody waits for: on SQLite, its transactions give
// way to all others, of which there may be many. Some of them are let through in
// every commit, so that they get on however much there is to do.
func Patient(ctx context.Context) context.Context {
	return context.WithValue(ctx, patientContext{}, true)
}

func isPatient(ctx context.Context) bool {
	yes, _ := ctx.Value(patientContext{}).(bool)
	return yes
}
