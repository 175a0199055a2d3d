package bench

import (
	"context"
	"os"

	"parley/internal/app"
	"parley/internal/config"
	"parley/internal/faultrun"
	"parley/internal/store"
)

// Command is `parley bench` with its subcommands.
type Command struct {
	Fill     FillCommand      `cmd:"" help:"Fill a data folder or database with made-up conversations; goes on where it stopped."`
	List     ListCommand      `cmd:"" help:"Measure the conversation list: every filter alone, in pairs, and every sort."`
	Numbers  AnalyticsCommand `cmd:"" name:"analytics" help:"Measure the numbers over conversations: every range and filter, alone and in pairs."`
	Topics   TopicsCommand    `cmd:"" help:"Measure the grouping of questions by topic, and the list meanwhile."`
	Search   SearchCommand    `cmd:"" help:"Measure the search over messages: rare, common, several words, parts, beginnings."`
	Ingest   IngestCommand    `cmd:"" help:"Measure durable messages through HTTP by number of connections, beside an echo and a raw commit loop."`
	Webhooks WebhooksCommand  `cmd:"" help:"Measure how fast what Meta posts is acknowledged, beside an echo that verifies it too, and processed."`
	Turn     TurnCommand      `cmd:"" help:"Measure the time added to the first and last word of an instant model."`
	Stream   StreamCommand    `cmd:"" help:"Measure the memory of idle event streams."`
	Soak     SoakCommand      `cmd:"" help:"Let visitors come and go for long, and compare the memory before and after."`
	Export   ExportCommand    `cmd:"" help:"Measure an export, its rate and the memory that it takes, beside a plain copy of the same rows."`
	Erase    EraseCommand     `cmd:"" help:"Measure the erasing of a person with 10,000 messages, and the list meanwhile."`
	Faults   faultrun.Command `cmd:"" help:"Let everything go wrong with WhatsApp that can, kill the server, and look for lost, doubled and misordered messages."`
	Echo     EchoCommand      `cmd:"" hidden:"" help:"Serve a bare echo, for ingest and webhooks."`
}

// Printing says how a report is given.
type Printing struct {
	JSON   bool `help:"Print JSON."`
	Strict bool `help:"Fail if a measurement is over its budget."`
}

// Filled names the data that was filled before.
type Filled struct {
	Data string `help:"Folder with the data." default:"./bench-data" type:"path"`
	DB   string `help:"postgres:// URL of the database to use instead of SQLite." env:"PARLEY_BENCH_DB"`

	Printing `embed:""`
}

// open opens the store as the server does, so that it can serve the data later.
func (f *Filled) open(ctx context.Context) (*store.Store, error) {
	var secrets config.Secrets
	if err := secrets.ReadSecrets(os.Getenv); err != nil {
		return nil, err
	}
	return app.OpenStore(ctx, &config.Storage{Data: f.Data, DB: f.DB}, &secrets, app.StoreOptions{})
}

// Fresh says where a measurement that starts a server may put its data.
type Fresh struct {
	Dir string `help:"Folder on the disk to measure; a folder is made in it and removed again." default:"." type:"existingdir"`
	DB  string `help:"postgres:// URL of an empty database to use instead of SQLite." env:"PARLEY_BENCH_DB"`

	Printing `embed:""`
}
