package host

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// TestPluginRoom: an uploader cannot fill the service with plugins: he is told 409, the
// setting, and what to do.
func TestPluginRoom(t *testing.T) {
	c := settings(t)
	c.PluginRoom = plugin.Room{Active: plugin.LeastRoom}
	h, _ := start(t, c)
	caller := tenant{url: "http://" + h.Addr()}
	upload := func(i int) (int, []byte) {
		code := wt.Guest{Name: fmt.Sprint("mean_", i)}.Build()
		status, _, answer := caller.post(t, "/api/v1/plugins", "application/wasm", code)
		return status, answer
	}
	const room = plugin.LeastRoom / plugin.LeastSize
	for i := range room {
		if status, answer := upload(i); status != http.StatusCreated {
			t.Fatalf("plugin %d of %d: %d %s", i, room, status, answer)
		}
	}
	status, answer := upload(room)
	var p rest.Problem
	if err := json.Unmarshal(answer, &p); err != nil || status != http.StatusConflict || p.Type != "/problems/plugin-no-room" || !strings.Contains(p.Detail, "PLUGIN_ACTIVE") {
		t.Errorf("one more: %d %s", status, answer)
	}
	if err := h.Plugins().Delete(t.Context(), "mean_0", nil); err != nil {
		t.Fatal(err)
	}
	if status, answer := upload(room); status != http.StatusCreated {
		t.Errorf("in a place that was given up: %d %s", status, answer)
	}
}
