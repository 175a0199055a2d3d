package wire

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/budget"
	"parley/internal/store/bulks"
	"parley/internal/store/hooks"
	"parley/internal/store/privacy"
	"parley/internal/store/topics"
	"parley/internal/workshop"
)

// SchemaPrefix begins the references to schemas.
const SchemaPrefix = "#/components/schemas/"

// enums are the values of the domain's closed string types.
func enums() map[reflect.Type][]any {
	return map[reflect.Type][]any{
		reflect.TypeFor[parley.Source]():             values(parley.Sources()...),
		reflect.TypeFor[parley.ConversationStatus](): values(parley.ConversationActive, parley.ConversationEnded),
		reflect.TypeFor[parley.Owner]():              values(parley.OwnerAssistant, parley.OwnerOperator),
		reflect.TypeFor[parley.EndReason]():          values(parley.EndInactivity, parley.EndAssistant, parley.EndOperator, parley.EndContact),
		reflect.TypeFor[parley.MessageRole]():        values(parley.ByUser, parley.ByAssistant, parley.ByOperator, parley.BySystem, parley.ByTool),
		reflect.TypeFor[parley.Delivery](): values(parley.DeliveryQueued, parley.DeliverySending, parley.DeliveryUnknown, parley.DeliverySent,
			parley.DeliveryDelivered, parley.DeliveryRead, parley.DeliveryPlayed, parley.DeliveryFailed, parley.DeliveryCanceled),
		reflect.TypeFor[parley.TurnStatus]():      values(parley.TurnRunning, parley.TurnDone, parley.TurnFailed, parley.TurnCanceled),
		reflect.TypeFor[parley.VariableType]():    values(parley.TypeText, parley.TypeNumber, parley.TypeBoolean, parley.TypeDate, parley.TypeEnum),
		reflect.TypeFor[parley.VariableSource]():  values(parley.FromPreChat, parley.FromExtracted, parley.FromEvaluation),
		reflect.TypeFor[parley.AssistantStatus](): values(parley.AssistantDraft, parley.AssistantActive, parley.AssistantInactive),
		reflect.TypeFor[parley.AfterEnd]():        values(parley.AfterEndNew, parley.AfterEndReopen),
		reflect.TypeFor[parley.Sentiment]():       values(parley.SentimentPositive, parley.SentimentNeutral, parley.SentimentNegative),
		reflect.TypeFor[parley.DocumentFormat]():  values(parley.FormatText, parley.FormatMarkdown),
		reflect.TypeFor[parley.DocumentState]():   values(parley.DocumentReady, parley.DocumentFailed),
		reflect.TypeFor[parley.SenderStatus](): values(parley.SenderConnecting, parley.SenderPending, parley.SenderOnline,
			parley.SenderOffline, parley.SenderSuspended, parley.SenderFailed),
		reflect.TypeFor[parley.Quality]():         values(parley.QualityGreen, parley.QualityYellow, parley.QualityRed, parley.QualityUnknown),
		reflect.TypeFor[parley.Stop]():            values(parley.StopNothing, parley.StopTemplates, parley.StopAll),
		reflect.TypeFor[parley.SenderKind]():      values(parley.SenderCloud),
		reflect.TypeFor[parley.AttachmentState](): values(parley.AttachmentPending, parley.AttachmentReading, parley.AttachmentMissing),
		reflect.TypeFor[parley.Role]():            values(parley.Roles()...),
		reflect.TypeFor[parley.Permission]():      values(parley.Permissions()...),
		reflect.TypeFor[parley.WidgetMode]():      values(parley.WidgetChat, parley.WidgetVoiceChat, parley.WidgetVoice),
		reflect.TypeFor[parley.WidgetSize]():      values(parley.WidgetStandard, parley.WidgetLarge),
		reflect.TypeFor[parley.WidgetPosition](): values(parley.WidgetTopLeft, parley.WidgetTopCenter, parley.WidgetTopRight, parley.WidgetMiddleLeft,
			parley.WidgetMiddleRight, parley.WidgetBottomLeft, parley.WidgetBottomCenter, parley.WidgetBottomRight),
		reflect.TypeFor[parley.WidgetTheme]():  values(parley.WidgetAuto, parley.WidgetLight, parley.WidgetDark),
		reflect.TypeFor[parley.FileType]():     values(parley.FileTypes()...),
		reflect.TypeFor[parley.IdentityMode](): values(parley.IdentityOff, parley.IdentityOptional, parley.IdentityRequired),
		reflect.TypeFor[parley.FieldType]():    values(parley.FieldTypes()...),
		reflect.TypeFor[parley.ExportFormat](): values(parley.ExportFormats()...),
		reflect.TypeFor[parley.ExportState](): values(parley.ExportQueued, parley.ExportRunning, parley.ExportDone, parley.ExportFailed,
			parley.ExportCanceled, parley.ExportExpired),
		reflect.TypeFor[parley.ExportRows]():   values(parley.RowsConversations, parley.RowsMessages),
		reflect.TypeFor[parley.Secrecy]():      values(parley.Secrecies()...),
		reflect.TypeFor[parley.QuestionKind](): values(parley.QuestionKinds()...),
		reflect.TypeFor[topics.Phase](): values(topics.Idle, topics.Waiting, topics.Reading, topics.Learning,
			topics.Sorting),
		reflect.TypeFor[budget.State]():  values(budget.Within, budget.Warning, budget.Spent),
		reflect.TypeFor[bulks.Action]():  values(bulks.Actions()...),
		reflect.TypeFor[bulks.State]():   values(bulks.Queued, bulks.Running, bulks.Done, bulks.Canceled),
		reflect.TypeFor[privacy.State](): values(privacy.Waiting, privacy.Running, privacy.Done),
		reflect.TypeFor[hooks.Type]():    values(append(hooks.Types(), hooks.Test)...),
		reflect.TypeFor[hooks.State]():   values(hooks.Pending, hooks.Delivered, hooks.Failed),
		reflect.TypeFor[parley.UsageKind](): values(parley.UsageReply, parley.UsageEvaluation, parley.UsageVision,
			parley.UsageTranscription, parley.UsageMessage),
		reflect.TypeFor[workshop.NoteCode](): values(workshop.NoteCodes()...),
	}
}

func values[T ~string](vs ...T) []any {
	out := make([]any, len(vs))
	for i, v := range vs {
		out[i] = string(v) // huma compares it with decoded JSON
	}
	return out
}

// Tighten corrects what huma cannot say of Go types: lists are never null, a
// pointer to a struct may be null, and the domain's string types are closed.
func Tighten(registry huma.Registry) {
	closed := enums()
	for name, schema := range registry.Map() {
		t := registry.TypeFromRef(SchemaPrefix + name)
		for _, f := range reflect.VisibleFields(t) {
			jsonName, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			prop := schema.Properties[jsonName]
			if prop == nil {
				continue
			}
			schema.Properties[jsonName] = tightenField(prop, f.Type, !strings.Contains(options, "omit"), closed)
		}
		schema.PrecomputeMessages()
	}
}

func tightenField(prop *huma.Schema, t reflect.Type, always bool, closed map[reflect.Type][]any) *huma.Schema {
	switch {
	case t.Kind() == reflect.Slice && prop.Type == huma.TypeArray:
		prop.Nullable = false
		prop.Items = tightenField(prop.Items, t.Elem(), false, closed)
	case t.Kind() == reflect.Pointer && prop.Ref != "" && always:
		return &huma.Schema{
			AnyOf:       []*huma.Schema{{Ref: prop.Ref}, {Type: "null"}},
			Description: prop.Description,
		}
	case t.Kind() == reflect.Pointer:
		return tightenField(prop, t.Elem(), always, closed)
	case len(prop.Enum) == 0 && closed[t] != nil:
		prop.Enum = closed[t]
	}
	return prop
}

// TightenParams does what Tighten does for lists in queries, and describes the filters
// by a variable's value, whose names are the assistants' own.
func TightenParams(op *huma.Operation) {
	if op == nil {
		return
	}
	for _, p := range op.Parameters {
		if p.Schema != nil && p.Schema.Type == huma.TypeArray {
			p.Schema.Nullable = false
			p.Schema.PrecomputeMessages()
		}
	}
	if op.OperationID == "get-conversations" {
		explode := true
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "variable", In: "query", Style: "deepObject", Explode: &explode,
			Description: "The value of a variable, as in variable[order_number]=ORD-12345.",
			Schema:      &huma.Schema{Type: huma.TypeObject, AdditionalProperties: &huma.Schema{Type: huma.TypeString}},
		})
	}
}
