// Writes one request of Prometheus remote write 2.0 with the client of the Prometheus project. It prints what was sent, and what the receiver
// says it wrote, as JSON. The last sample is too old for any receiver with the argument "old".
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/prometheus/client_golang/exp/api/remote"
	writev2 "github.com/prometheus/client_golang/exp/api/remote/genproto/v2"
)

const seriesCount = 1000

type counts struct {
	Samples    int `json:"samples"`
	Histograms int `json:"histograms"`
	Exemplars  int `json:"exemplars"`
}

func main() {
	api, err := remote.NewAPI(os.Args[1], remote.WithAPIPath("api/v1/write"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	request, sent := newRequest(time.Now().UnixMilli(), len(os.Args) > 2 && os.Args[2] == "old")
	stats, err := api.Write(context.Background(), remote.WriteV2MessageType, request)
	refusal := ""
	if err != nil {
		refusal = err.Error()
	}
	written := counts{stats.Samples, stats.Histograms, stats.Exemplars}
	json.NewEncoder(os.Stdout).Encode(map[string]any{"sent": sent, "written": written, "refusal": refusal})
}

func newRequest(nowMs int64, lastIsOld bool) (*writev2.Request, counts) {
	symbols := writev2.NewSymbolTable()
	request := &writev2.Request{}
	sent := counts{}
	for index := range seriesCount {
		series := newSeries(&symbols, index)
		switch {
		case index%10 == 0:
			series.Histograms = []*writev2.Histogram{newHistogram(nowMs)}
			sent.Histograms++
		case index%10 == 1:
			traceId := symbols.SymbolizeLabels([]string{"trace_id", fmt.Sprint(index)}, nil)
			series.Exemplars = []*writev2.Exemplar{{LabelsRefs: traceId, Value: 1, Timestamp: nowMs}}
			sent.Exemplars++
			fallthrough
		default:
			series.Samples = []*writev2.Sample{{Value: float64(index), Timestamp: nowMs}}
			sent.Samples++
		}
		request.Timeseries = append(request.Timeseries, series)
	}
	if lastIsOld {
		request.Timeseries[seriesCount-1].Samples[0].Timestamp = 1
	}
	request.Symbols = symbols.Symbols()
	return request, sent
}

// Its type is in the metadata only: the name follows no convention.
func newSeries(symbols *writev2.SymbolsTable, index int) *writev2.TimeSeries {
	labels := []string{
		"__name__", "http_requests", "env", "prod", "instance", fmt.Sprintf("10.0.0.%d:8080", index%50),
		"job", "checkout", "path", fmt.Sprintf("/%d", index),
	}
	return &writev2.TimeSeries{
		LabelsRefs: symbols.SymbolizeLabels(labels, nil),
		Metadata:   &writev2.Metadata{Type: writev2.Metadata_METRIC_TYPE_COUNTER, HelpRef: symbols.Symbolize("Requests.")},
	}
}

func newHistogram(nowMs int64) *writev2.Histogram {
	return &writev2.Histogram{
		Count:          &writev2.Histogram_CountInt{CountInt: 3},
		ZeroCount:      &writev2.Histogram_ZeroCountInt{ZeroCountInt: 0},
		Sum:            4.5,
		Schema:         3,
		ZeroThreshold:  1e-128,
		PositiveSpans:  []*writev2.BucketSpan{{Offset: 5, Length: 2}},
		PositiveDeltas: []int64{1, 1},
		Timestamp:      nowMs,
	}
}
