package app

import (
	"context"
	"fmt"
	"runtime/debug"

	"parley"
	"parley/internal/demo"
)

// demo makes the demo's workspace, once, and a link that signs its owner in.
// The owner that the environment names becomes its owner, if there is nobody
// yet.
func (f *firstStart) demo(ctx context.Context, c *clock, o Options) ([]link, error) {
	_, err := f.store.Workspace(ctx, demo.WorkspaceID)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		err = f.makeDemo(ctx, c, o)
	}
	if err != nil {
		return nil, err
	}
	if err := demo.Widget(ctx, f.store); err != nil {
		return nil, err
	}
	owner, err := f.demoOwner(ctx)
	if err != nil {
		return nil, err
	}
	if f.secrets.AdminEmail != "" {
		if _, err := f.owner(ctx); err != nil {
			return nil, err
		}
	}
	l, err := f.signInLink(ctx, owner)
	return []link{l}, err
}

func (f *firstStart) makeDemo(ctx context.Context, c *clock, o Options) error {
	_, _ = fmt.Fprintln(o.Out, "Preparing the demo: a month of conversations, a few seconds …")
	w := demo.Workspace()
	needed, err := f.store.NeedsSetup(ctx)
	switch {
	case err != nil:
		return err
	case needed && f.secrets.AdminEmail != "":
		err = f.setUp(ctx, w)
	case needed:
		err = f.create(ctx, w, &parley.Member{Email: demo.OwnerEmail, Name: "Demo owner"})
	default:
		if err = f.store.CreateWorkspace(ctx, w); err == nil {
			err = f.store.CreateMember(ctx, &parley.Member{
				ID: parley.NewID(f.now()), WorkspaceID: w.ID, Email: demo.OwnerEmail, Name: "Demo owner", Role: parley.RoleOwner,
			})
		}
	}
	if err != nil {
		return err
	}
	owner, err := f.demoOwner(ctx)
	if err != nil {
		return err
	}
	defer debug.FreeOSMemory() // a month at once takes more than serving does
	return demo.Seed(ctx, demo.Config{
		Store: f.store, Blobs: f.blobs, OwnerID: owner.ID, Channels: channels(), Now: f.now, SetClock: c.set,
	})
}

// demoOwner returns an owner of the demo's workspace.
func (f *firstStart) demoOwner(ctx context.Context) (*parley.Member, error) {
	members, err := f.store.Members(ctx, demo.WorkspaceID)
	if err != nil {
		return nil, err
	}
	for i := range members {
		if members[i].Role == parley.RoleOwner && members[i].DisabledAt.IsZero() {
			return &members[i], nil
		}
	}
	return nil, parley.Errorf(parley.CodeNotFound, "The demo's workspace has no owner any more.")
}
