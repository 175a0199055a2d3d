package channeltest_test

import (
	"testing"

	"go.uber.org/goleak"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/channeltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestPush(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, func(t *testing.T) (channel.Pusher, channeltest.Peer) {
		inbox := channeltest.NewInbox(t)
		return channeltest.NewPush(parley.SourceWhatsApp, inbox.URL()), inbox
	})
}
