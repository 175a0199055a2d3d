package main

import (
	"os"
	"regexp"
	"strconv"
	"testing"
)

// fileKB is how much memory holds files, in KB.
func fileKB(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`RssFile:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		t.Fatalf("there is no RssFile in %s", status)
	}
	kb, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kb
}

func TestGiveBackProgram(t *testing.T) { //nolint:paralleltest // others would fetch again what is given back
	before := fileKB(t)
	giveBackProgram()
	if after := fileKB(t); after > before/2 {
		t.Errorf("%d KB of files are in memory, %d before", after, before)
	}
}
