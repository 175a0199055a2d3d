package wire

import (
	"testing"

	"parley"
)

func TestCursorIsForItsListOnly(t *testing.T) {
	t.Parallel()
	if SealCursor("list", "") != nil {
		t.Error("the end of a list has a cursor")
	}
	sealed := *SealCursor("list", "a.b")
	if got, err := OpenCursor("list", sealed); got != "a.b" || err != nil {
		t.Errorf("opened %q, %v", got, err)
	}
	for _, bad := range []string{sealed + "x", "x" + sealed, "a.b", ".", "a.", sealed[1:]} {
		if _, err := OpenCursor("list", bad); parley.ErrorCode(err) != parley.CodeInvalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := OpenCursor("another list", sealed); parley.ErrorCode(err) != parley.CodeInvalid {
		t.Errorf("in another list: %v", err)
	}
}
