package faultrun

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// report is what a run prints.
type report struct {
	Seed     uint64           `json:"seed,string"`
	Database string           `json:"database"`
	Messages int              `json:"messages"`
	Contacts int              `json:"contacts"`
	Kills    int              `json:"kills"`
	Wrote    time.Duration    `json:"wrote"` // until the last message was written
	Took     time.Duration    `json:"took"`  // until everything was settled
	Counts   map[string]int64 `json:"counts"`
	Webhooks map[string]int   `json:"webhooks"`
	Verdict  *Verdict         `json:"verdict"`
}

// examples is how many violations of a kind are printed.
const examples = 10

// write prints the report: tables for people, or JSON.
func (r *report) write(w io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "Fault run on %s, seed %d: %d messages of %d contacts, the server killed %d times\n",
		r.Database, r.Seed, r.Messages, r.Contacts, r.Kills)
	fmt.Fprintf(&b, "Written in %s, settled after %s\n\nInjected\n", r.Wrote.Round(time.Millisecond), r.Took.Round(time.Millisecond))
	for _, name := range slices.Sorted(maps.Keys(r.Counts)) {
		if fault, ok := strings.CutPrefix(name, "fault_"); ok {
			fmt.Fprintf(&b, "  %s\t%d\n", strings.ReplaceAll(fault, "_", " "), r.Counts[name])
		}
	}
	fmt.Fprintf(&b, "  server killed\t%d\n\nHappened\n", r.Kills)
	for _, name := range slices.Sorted(maps.Keys(r.Counts)) {
		if !strings.HasPrefix(name, "fault_") {
			fmt.Fprintf(&b, "  %s\t%d\n", strings.ReplaceAll(name, "_", " "), r.Counts[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Webhooks)) {
		fmt.Fprintf(&b, "  webhooks %s\t%d\n", name, r.Webhooks[name])
	}
	v := r.Verdict
	fmt.Fprintf(&b, "\nJoined\n  inbound messages\t%d\n  of these too late for an answer\t%d\n  outbound messages accepted\t%d\n  conversations\t%d\n  pairs whose order was checked\t%d\n",
		v.Inbound, v.Late, v.Outbound, v.Conversations, v.OrderedPairs)
	for _, d := range slices.Sorted(maps.Keys(v.Deliveries)) {
		fmt.Fprintf(&b, "  replies that are %s\t%d\n", d, v.Deliveries[d])
	}
	fmt.Fprintf(&b, "  rightly unknown, never accepted\t%d\n\nFound\n", v.NeverSent)
	for _, k := range kinds {
		fmt.Fprintf(&b, "  %s\t%d\n", k, len(v.Violations[k]))
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := tw.Write(b.Bytes()); err != nil {
		return err
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	return r.examples(w)
}

func (r *report) examples(w io.Writer) error {
	for _, k := range kinds {
		list := r.Verdict.Violations[k]
		if len(list) == 0 {
			continue
		}
		said := fmt.Sprintf("\n%s:\n", k)
		for _, what := range list[:min(len(list), examples)] {
			said += "  " + what + "\n"
		}
		if more := len(list) - examples; more > 0 {
			said += fmt.Sprintf("  and %d more\n", more)
		}
		if _, err := io.WriteString(w, said); err != nil {
			return err
		}
	}
	return nil
}
