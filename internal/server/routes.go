package server

import (
	"encoding/json"
	"net/http"
	"slices"

	"parley"
	"parley/internal/server/access"
	"parley/internal/server/api"
	"parley/internal/server/desk"
	"parley/internal/server/export"
	"parley/internal/server/imports"
	"parley/internal/server/whatsapp"
	"parley/internal/server/workshop"
	works "parley/internal/workshop"
)

// Short names for the table below.
const (
	open     = access.Open
	signedIn = access.SignedIn

	readConversations   = parley.PermConversationsRead
	writeConversations  = parley.PermConversationsWrite
	exportConversations = parley.PermConversationsExport
	readAssistants      = parley.PermAssistantsRead
	writeAssistants     = parley.PermAssistantsWrite
	readSettings        = parley.PermSettingsRead
	writeSettings       = parley.PermSettingsWrite
	manageMembers       = parley.PermMembersManage
)

// OpenAPI returns the description of the API as an OpenAPI 3.1 document.
func OpenAPI() ([]byte, error) {
	described := api.New(api.Config{}).Register(http.NewServeMux(), (&Server{}).routes())
	return json.MarshalIndent(described.OpenAPI(), "", "  ")
}

// row is one line of the table of routes.
type row struct {
	method, path string
	permission   parley.Permission
	endpoint     api.Endpoint
	summary      string
}

func table(rows []row) []api.Route {
	routes := make([]api.Route, len(rows))
	for i, r := range rows {
		routes[i] = api.Route{Method: r.method, Path: r.path, Permission: r.permission, Endpoint: r.endpoint, Summary: r.summary}
	}
	return routes
}

// routes is the whole API: what a request must be, what permission it needs,
// what answers it, and what the documentation calls it.
func (s *Server) routes() []api.Route {
	return table(slices.Concat(s.coreRoutes(), s.workshopRoutes(), s.conversationRoutes(), s.deskRoutes(), s.topicRoutes(), s.exportRoutes(), s.importRoutes(), s.hookRoutes(), s.moneyRoutes(), s.privacyRoutes(), s.bulkRoutes(), s.whatsAppRoutes()))
}

// v1 begins every path of the API.
const v1 = "/api/v1"

// coreRoutes are those of members, assistants and settings.
func (s *Server) coreRoutes() []row {
	return []row{
		{"GET", v1 + "/auth/state", open, api.Typed(s.authState), "What the sign-in page has to show"},
		{"POST", v1 + "/auth/setup", open, api.Typed(s.setup), "Create the first workspace and its owner"},
		{"POST", v1 + "/auth/signin", open, api.Typed(s.signIn), "Sign in"},
		{"POST", v1 + "/auth/link", open, api.Typed(s.signInByLink), "Sign in with a one-time link"},
		{"POST", v1 + "/auth/signout", open, api.Typed(s.signOut), "Sign out"},
		{"GET", v1 + "/auth/invites/{token}", open, api.Typed(s.lookAtInvite), "Look at an invite"},
		{"POST", v1 + "/auth/join", open, api.Typed(s.join), "Join with an invite"},
		{"GET", v1 + "/me", signedIn, api.Typed(s.me), "Who asks, and what they may do"},
		{"PATCH", v1 + "/me", signedIn, api.Typed(s.editMe), "Change one's own name or password"},

		{"GET", v1 + "/assistants", readAssistants, api.Typed(s.listAssistants), "List assistants"},
		{"POST", v1 + "/assistants", writeAssistants, api.Created(s.createAssistant), "Make an assistant"},
		{"GET", v1 + "/assistants/{id}", readAssistants, api.Typed(s.getAssistant), "Read an assistant"},
		{"PUT", v1 + "/assistants/{id}", writeAssistants, api.Typed(s.saveAssistant), "Save a new version"},
		{"DELETE", v1 + "/assistants/{id}", writeAssistants, api.Typed(s.deleteAssistant), "Delete an assistant"},
		{"GET", v1 + "/assistants/{id}/knowledge", readAssistants, api.Typed(s.listDocuments), "List the documents"},
		{"POST", v1 + "/assistants/{id}/knowledge", writeAssistants, api.Created(s.addDocument), "Add a document"},
		{"POST", v1 + "/assistants/{id}/knowledge/search", readAssistants, api.Typed(s.searchKnowledge), "Try what a question finds"},
		{"GET", v1 + "/assistants/{id}/knowledge/{doc}", readAssistants, api.Typed(s.getDocument), "Read a document"},
		{"PUT", v1 + "/assistants/{id}/knowledge/{doc}", writeAssistants, api.Typed(s.replaceDocument), "Replace a document"},
		{"DELETE", v1 + "/assistants/{id}/knowledge/{doc}", writeAssistants, api.Typed(s.removeDocument), "Remove a document"},
		{"POST", v1 + "/assistants/{id}/tools/test", writeAssistants, api.Typed(s.testTool), "Try a tool"},

		{"GET", v1 + "/widgets", readSettings, api.Typed(s.listWidgets), "List the widgets"},
		{"POST", v1 + "/widgets", writeSettings, api.Created(s.createWidget), "Make a widget"},
		{"GET", v1 + "/widgets/{id}", readSettings, api.Typed(s.getWidget), "Read a widget"},
		{"PUT", v1 + "/widgets/{id}", writeSettings, api.Typed(s.saveWidget), "Change a widget"},
		{"DELETE", v1 + "/widgets/{id}", writeSettings, api.Typed(s.deleteWidget), "Delete a widget"},
		{"POST", v1 + "/widgets/{id}/secret", writeSettings, api.Typed(s.renewWidgetSecret), "Make a new secret for identity verification"},
		{"POST", v1 + "/widgets/{id}/sign-out", writeSettings, api.Typed(s.signOutVisitors), "Make the tokens of all visitors void"},
		{"POST", v1 + "/widgets/{id}/preview", readSettings, api.Typed(s.previewWidget), "Try settings in a preview"},
		{"POST", v1 + "/widgets/{id}/check", writeSettings, api.Typed(s.checkWidget), "Look whether a page has the widget"},

		{"GET", v1 + "/providers", readAssistants, api.Typed(s.listProviders), "List the model providers"},
		{"POST", v1 + "/providers", writeSettings, api.Created(s.createProvider), "Add a provider"},
		{"POST", v1 + "/providers/test", writeSettings, api.Typed(s.testProvider), "Try a provider"},
		{"GET", v1 + "/providers/{id}", readSettings, api.Typed(s.getProvider), "Read a provider"},
		{"GET", v1 + "/providers/{id}/models", writeAssistants, api.Typed(s.listModels), "Ask a provider for its models"},
		{"PUT", v1 + "/providers/{id}", writeSettings, api.Typed(s.saveProvider), "Change a provider"},
		{"DELETE", v1 + "/providers/{id}", writeSettings, api.Typed(s.deleteProvider), "Delete a provider"},
		{"GET", v1 + "/prices", readSettings, api.Typed(s.listPrices), "List the prices"},
		{"POST", v1 + "/prices", writeSettings, api.Created(s.createPrice), "Set a price"},
		{"POST", v1 + "/prices/import", writeSettings, api.Typed(s.importPrices), "Import prices from CSV"},
		{"GET", v1 + "/workspace", readAssistants, api.Typed(s.getWorkspace), "Read the workspace"},
		{"PATCH", v1 + "/workspace", writeSettings, api.Typed(s.editWorkspace), "Change the workspace"},

		{"GET", v1 + "/members", manageMembers, api.Typed(s.listMembers), "List the members"},
		{"GET", v1 + "/members/{id}", manageMembers, api.Typed(s.getMember), "Read a member"},
		{"PATCH", v1 + "/members/{id}", manageMembers, api.Typed(s.editMember), "Change a member"},
		{"DELETE", v1 + "/members/{id}", manageMembers, api.Typed(s.deleteMember), "Remove a member"},
		{"GET", v1 + "/invites", manageMembers, api.Typed(s.listInvites), "List the invites"},
		{"POST", v1 + "/invites", manageMembers, api.Created(s.createInvite), "Make an invite"},
		{"DELETE", v1 + "/invites/{id}", manageMembers, api.Typed(s.deleteInvite), "Withdraw an invite"},
		{"GET", v1 + "/api-keys", manageMembers, api.Typed(s.listKeys), "List the API keys"},
		{"POST", v1 + "/api-keys", manageMembers, api.Created(s.createKey), "Make an API key"},
		{"DELETE", v1 + "/api-keys/{id}", manageMembers, api.Typed(s.revokeKey), "Revoke an API key"},
	}
}

// workshopRoutes are those of whole assistants.
func (s *Server) workshopRoutes() []row {
	w := s.workshop
	return []row{
		{"GET", v1 + "/assistants/{id}/versions", readAssistants, api.Typed(w.Versions), "List the versions"},
		{"GET", v1 + "/assistants/{id}/versions/{n}", readAssistants, api.Typed(w.Version), "Read a version"},
		{"POST", v1 + "/assistants/{id}/versions/{n}/restore", writeAssistants, api.Typed(w.Restore), "Save an old version as the newest"},
		{"GET", v1 + "/assistants/{id}/compare", readAssistants, api.Typed(w.Compare), "Compare two versions"},
		{"POST", v1 + "/assistants/{id}/preview", readAssistants, api.Typed(w.Preview), "See what a model would be sent"},
		{"POST", v1 + "/assistants/{id}/duplicate", writeAssistants, api.Created(w.Duplicate), "Make a copy with its knowledge, as a draft"},
		{"GET", v1 + "/assistants/{id}/export", readAssistants, api.Described(w.Export, workshop.ExportDoc), "Export an assistant to a file"},
		{"POST", v1 + "/assistants/import", writeAssistants, api.Larger(works.MaxFile, api.Created(w.Import)), "Import an assistant from a file, as a draft"},
		{"GET", v1 + "/conversations/{id}/messages/{message_id}/example", readConversations, api.Typed(w.Suggest), "What an answer would be as an example"},
		{"POST", v1 + "/conversations/{id}/messages/{message_id}/example", writeAssistants, api.Created(w.Keep), "Make an answer an example of the assistant"},
	}
}

// conversationRoutes are those of conversations and the numbers over them.
func (s *Server) conversationRoutes() []row {
	return []row{
		{"GET", v1 + "/conversations", readConversations, api.Typed(s.listConversations), "List conversations"},
		{"POST", v1 + "/conversations", writeConversations, api.Created(s.openConversation), "Open a conversation"},
		{"GET", v1 + "/conversations/count", readConversations, api.Typed(s.countConversations), "Count conversations, as far as it is cheap"},
		{"GET", v1 + "/conversations/tiles", readConversations, api.Typed(s.tiles), "Numbers above the list"},
		{"GET", v1 + "/conversations/{id}", readConversations, api.Typed(s.getConversation), "Read a conversation"},
		{"DELETE", v1 + "/conversations/{id}", writeConversations, api.Typed(s.deleteConversation), "Erase a conversation"},
		{"GET", v1 + "/conversations/{id}/messages", readConversations, api.Typed(s.listMessages), "Read the messages"},
		{"POST", v1 + "/conversations/{id}/messages", writeConversations, api.Raw(s.postMessage, postMessageDoc), "Write a message"},
		{"POST", v1 + "/conversations/{id}/messages/{message_id}/settle", writeConversations, api.Typed(s.settleMessage), "Say what became of a message that may have been sent"},
		{"GET", v1 + "/conversations/{id}/transcript", readConversations, api.Described(s.transcript, transcriptDoc), "Read the transcript"},
		{"GET", v1 + "/conversations/{id}/turns/{turn_id}", readConversations, api.Typed(s.getTurn), "Why this answer?"},
		{"POST", v1 + "/conversations/{id}/typing", writeConversations, api.Typed(s.typing), "Show that one is writing"},
		{"POST", v1 + "/conversations/{id}/takeover", writeConversations, api.Typed(s.takeover), "Take over from the assistant"},
		{"POST", v1 + "/conversations/{id}/release", writeConversations, api.Typed(s.release), "Give back to the assistant"},
		{"POST", v1 + "/conversations/{id}/end", writeConversations, api.Typed(s.end), "End a conversation"},
		{"POST", v1 + "/conversations/{id}/evaluate", writeConversations, api.Typed(s.evaluate), "Evaluate a conversation again"},
		{"GET", v1 + "/stream", readConversations, api.Raw(s.stream, streamDoc), "Live events (server-sent events)"},
		{"POST", v1 + "/attachments", writeConversations, api.Raw(s.upload, uploadDoc), "Upload a file"},
		{"GET", v1 + "/attachments/{id}", readConversations, api.Raw(s.download, downloadDoc), "Download a file"},

		{"GET", v1 + "/analytics", readConversations, api.Typed(s.analytics.Summary), "Numbers of the conversations that a filter shows"},
		{"GET", v1 + "/analytics/series", readConversations, api.Typed(s.analytics.Series), "The same over time"},
		{"GET", v1 + "/analytics/groups", readConversations, api.Typed(s.analytics.Groups), "The same divided, and the parts compared"},
		{"GET", v1 + "/analytics/labels", readConversations, api.Typed(s.analytics.Labels), "How conversations with a topic, passage, tool or model went"},
		{"GET", v1 + "/analytics/unpriced", readConversations, api.Typed(s.analytics.Unpriced), "Models without a price, and what they hold back"},
	}
}

// moneyRoutes are those of budgets.
func (s *Server) moneyRoutes() []row {
	return []row{
		{"GET", v1 + "/budgets", readConversations, api.Typed(s.Money.List), "Read the budgets, and what is spent of them this month"},
		{"PUT", v1 + "/budget", writeSettings, api.Typed(s.Money.Set), "Set the budget of the workspace"},
		{"DELETE", v1 + "/budget", writeSettings, api.Typed(s.Money.Remove), "Remove the budget of the workspace"},
		{"PUT", v1 + "/assistants/{id}/budget", writeSettings, api.Typed(s.Money.SetAssistant), "Set the budget of an assistant"},
		{"DELETE", v1 + "/assistants/{id}/budget", writeSettings, api.Typed(s.Money.RemoveAssistant), "Remove the budget of an assistant"},
	}
}

// deskRoutes are those of what members put on conversations, and of their tools.
func (s *Server) deskRoutes() []row {
	d := s.marks
	return []row{
		{"PUT", v1 + "/conversations/{id}/review", writeConversations, api.Typed(d.Review), "Mark a conversation as reviewed"},
		{"PUT", v1 + "/conversations/{id}/read", readConversations, api.Typed(d.Read), "Mark a conversation as read or unread"},
		{"POST", v1 + "/conversations/read-all", readConversations, api.Typed(d.ReadAll), "Mark every conversation as read"},
		{"PUT", v1 + "/conversations/{id}/tags/{tag_id}", writeConversations, api.Typed(d.PutTag), "Put a tag on a conversation"},
		{"DELETE", v1 + "/conversations/{id}/tags/{tag_id}", writeConversations, api.Typed(d.TakeTag), "Take a tag off a conversation"},
		{"GET", v1 + "/conversations/{id}/notes", readConversations, api.Typed(d.ListNotes), "Read the internal notes"},
		{"POST", v1 + "/conversations/{id}/notes", writeConversations, api.Created(d.AddNote), "Write an internal note"},
		{"PUT", v1 + "/conversations/{id}/notes/{note_id}", writeConversations, api.Typed(d.EditNote), "Change one's own note"},
		{"DELETE", v1 + "/conversations/{id}/notes/{note_id}", writeConversations, api.Typed(d.DeleteNote), "Delete one's own note"},
		{"GET", v1 + "/tags", readConversations, api.Typed(d.ListTags), "List the tags"},
		{"POST", v1 + "/tags", writeConversations, api.Created(d.CreateTag), "Make a tag"},
		{"PUT", v1 + "/tags/{id}", desk.Share, api.Typed(d.SaveTag), "Change a tag"},
		{"DELETE", v1 + "/tags/{id}", desk.Share, api.Typed(d.DeleteTag), "Delete a tag"},
		{"GET", v1 + "/views", readConversations, api.Typed(d.ListViews), "List the saved views"},
		{"POST", v1 + "/views", readConversations, api.Created(d.CreateView), "Save a view"},
		{"PUT", v1 + "/views/order", readConversations, api.Typed(d.OrderViews), "Put views in an order"},
		{"PUT", v1 + "/views/{id}", readConversations, api.Typed(d.SaveView), "Change a view"},
		{"DELETE", v1 + "/views/{id}", readConversations, api.Typed(d.DeleteView), "Delete a view"},
		{"GET", v1 + "/canned-replies", readConversations, api.Typed(d.ListReplies), "List the canned replies"},
		{"POST", v1 + "/canned-replies", desk.Share, api.Created(d.CreateReply), "Add a canned reply"},
		{"PUT", v1 + "/canned-replies/{id}", desk.Share, api.Typed(d.SaveReply), "Change a canned reply"},
		{"DELETE", v1 + "/canned-replies/{id}", desk.Share, api.Typed(d.DeleteReply), "Delete a canned reply"},
	}
}

// topicRoutes are those of what conversations were about.
func (s *Server) topicRoutes() []row {
	return []row{
		{"GET", v1 + "/topics", readConversations, api.Typed(s.listTopics), "Count conversations by topic"},
		{"GET", v1 + "/topics/{id}", readConversations, api.Typed(s.getTopic), "Read a topic"},
		{"POST", v1 + "/topics/refresh", writeConversations, api.Typed(s.refreshTopics), "Make the topics anew"},
	}
}

// exportRoutes are those of conversations in files.
func (s *Server) exportRoutes() []row {
	return []row{
		{"GET", v1 + "/exports", exportConversations, api.Typed(s.Exports.List), "List the exports"},
		{"POST", v1 + "/exports", exportConversations, api.Created(s.Exports.Create), "Export conversations"},
		{"GET", v1 + "/exports/columns", exportConversations, api.Typed(s.Exports.Columns), "List what tables can have"},
		{"GET", v1 + "/exports/{id}", exportConversations, api.Typed(s.Exports.Get), "Read how an export stands"},
		{"DELETE", v1 + "/exports/{id}", exportConversations, api.Typed(s.Exports.Cancel), "Cancel an export, or remove one that is finished"},
		{"GET", v1 + "/conversations/{id}/print", readConversations, api.Raw(s.Exports.Print, export.PrintDoc), "A page of a conversation to print"},
		{"GET", v1 + "/exports/{id}/file", exportConversations, api.Raw(s.Exports.File, export.FileDoc), "Download the file of an export"},
	}
}

// importRoutes are those of conversations that are brought from elsewhere.
func (s *Server) importRoutes() []row {
	return []row{
		{"GET", v1 + "/imports", writeSettings, api.Typed(s.Imports.List), "List the imports"},
		{"POST", v1 + "/imports", writeSettings, api.Raw(s.createImport, imports.CreateDoc), "Bring conversations in a file"},
		{"GET", v1 + "/imports/{id}", writeSettings, api.Typed(s.Imports.Get), "Read how an import stands, or its report"},
		{"POST", v1 + "/imports/{id}/cancel", writeSettings, api.Typed(s.Imports.Cancel), "Stop an import where it is"},
	}
}

func (s *Server) createImport(c *api.Call) error { return s.Imports.Create(c, s.api.Once) }

// hookRoutes are those of webhooks out.
func (s *Server) hookRoutes() []row {
	return []row{
		{"GET", v1 + "/webhooks", writeSettings, api.Typed(s.Webhooks.List), "List the webhooks"},
		{"POST", v1 + "/webhooks", writeSettings, api.Created(s.Webhooks.Create), "Add a webhook"},
		{"GET", v1 + "/webhooks/{id}", writeSettings, api.Typed(s.Webhooks.Get), "Read a webhook's settings"},
		{"PUT", v1 + "/webhooks/{id}", writeSettings, api.Typed(s.Webhooks.Save), "Change a webhook"},
		{"DELETE", v1 + "/webhooks/{id}", writeSettings, api.Typed(s.Webhooks.Delete), "Delete a webhook"},
		{"POST", v1 + "/webhooks/{id}/secret", writeSettings, api.Typed(s.Webhooks.Renew), "Make a new secret for a webhook"},
		{"POST", v1 + "/webhooks/{id}/test", writeSettings, api.Typed(s.Webhooks.Test), "Send a test event"},
		{"GET", v1 + "/webhooks/{id}/deliveries", writeSettings, api.Typed(s.Webhooks.Deliveries), "Read the log of a webhook"},
		{"GET", v1 + "/webhooks/{id}/deliveries/{delivery_id}", writeSettings, api.Typed(s.Webhooks.Delivery), "Read a delivery, with request and response"},
		{"POST", v1 + "/webhooks/{id}/deliveries/{delivery_id}/send", writeSettings, api.Typed(s.Webhooks.Send), "Send a delivery again"},
	}
}

// bulkRoutes are those of things that are done to many conversations.
func (s *Server) bulkRoutes() []row {
	return []row{
		{"GET", v1 + "/bulk", readConversations, api.Typed(s.Bulk.List), "List what was done to many conversations"},
		{"POST", v1 + "/bulk", writeConversations, api.Created(s.Bulk.Start), "Do something to many conversations"},
		{"GET", v1 + "/bulk/{id}", readConversations, api.Typed(s.Bulk.Get), "Read how far it has come"},
		{"POST", v1 + "/bulk/{id}/cancel", writeConversations, api.Typed(s.Bulk.Cancel), "Stop it where it is"},
		{"POST", v1 + "/bulk/{id}/undo", writeConversations, api.Typed(s.Bulk.Undo), "Take back what it has changed"},
	}
}

// privacyRoutes are those of persons, and of what is to be forgotten.
func (s *Server) privacyRoutes() []row {
	return []row{
		{"GET", v1 + "/contacts/{id}", readConversations, api.Typed(s.Privacy.Contact), "Read what is kept of a contact"},
		{"POST", v1 + "/contacts/{id}/erase", writeSettings, api.Typed(s.Privacy.Erase), "Erase a contact with everything about them"},
		{"GET", v1 + "/erasures", writeSettings, api.Typed(s.Privacy.Erasures), "List the erasures"},
		{"GET", v1 + "/erasures/{id}", writeSettings, api.Typed(s.Privacy.Erasure), "Read how an erasure stands, or its receipt"},
		{"GET", v1 + "/retention", readSettings, api.Typed(s.Privacy.Retention), "Read how long conversations are kept"},
		{"PUT", v1 + "/retention", writeSettings, api.Typed(s.Privacy.SetRetention), "Change how long conversations are kept"},
	}
}

// whatsAppRoutes are those of numbers, templates, webhooks and the simulator.
func (s *Server) whatsAppRoutes() []row {
	return []row{
		{"GET", v1 + "/whatsapp/senders", readAssistants, api.Typed(s.whatsapp.ListSenders), "List the WhatsApp numbers"},
		{"POST", v1 + "/whatsapp/senders", writeSettings, api.Created(s.whatsapp.CreateSender), "Connect a WhatsApp number"},
		{"POST", v1 + "/whatsapp/senders/test", writeSettings, api.Typed(s.whatsapp.TestSender), "Test a connection"},
		{"GET", v1 + "/whatsapp/senders/{id}", readAssistants, api.Typed(s.whatsapp.GetSender), "Read a WhatsApp number"},
		{"PUT", v1 + "/whatsapp/senders/{id}", writeSettings, api.Typed(s.whatsapp.SaveSender), "Change a WhatsApp number"},
		{"DELETE", v1 + "/whatsapp/senders/{id}", writeSettings, api.Typed(s.whatsapp.DeleteSender), "Disconnect a WhatsApp number"},
		{"POST", v1 + "/whatsapp/senders/{id}/check", writeConversations, api.Typed(s.whatsapp.CheckSender), "Read a number's health from Meta now"},
		{"POST", v1 + "/whatsapp/senders/{id}/resume", writeSettings, api.Typed(s.whatsapp.ResumeSender), "Let a number send again"},
		{"GET", v1 + "/whatsapp/senders/{id}/templates", readAssistants, api.Typed(s.whatsapp.ListTemplates), "List the templates"},
		{"POST", v1 + "/whatsapp/senders/{id}/templates", writeSettings, api.Created(s.whatsapp.CreateTemplate), "Ask Meta to approve a template"},
		{"POST", v1 + "/whatsapp/senders/{id}/templates/sync", writeConversations, api.Typed(s.whatsapp.SyncTemplates), "Read the templates from Meta"},
		{"DELETE", v1 + "/whatsapp/senders/{id}/templates/{template_id}", writeSettings, api.Typed(s.whatsapp.DeleteTemplate), "Delete a template"},
		{"POST", v1 + "/whatsapp/senders/{id}/templates/{template_id}/preview", readAssistants, api.Typed(s.whatsapp.PreviewTemplate), "Fill a template in and see its price"},
		{"POST", v1 + "/whatsapp/senders/{id}/templates/{template_id}/send", writeConversations, api.Created(s.whatsapp.SendTemplate), "Send a template to one person"},
		{"GET", v1 + "/whatsapp/senders/{id}/webhooks", readSettings, api.Typed(s.whatsapp.ListWebhooks), "Read the webhook log"},
		{"GET", v1 + "/whatsapp/senders/{id}/webhooks/{webhook_id}", readSettings, api.Typed(s.whatsapp.GetWebhook), "Read a webhook"},
		{"POST", v1 + "/whatsapp/senders/{id}/webhooks/{webhook_id}/process", writeSettings, api.Typed(s.whatsapp.ProcessWebhook), "Process a webhook again"},
		{"GET", v1 + "/alerts", readAssistants, api.Typed(s.whatsapp.ListAlerts), "List the alerts"},
		{"DELETE", v1 + "/alerts/{id}", writeConversations, api.Typed(s.whatsapp.DismissAlert), "Dismiss an alert"},
		{"GET", v1 + "/simulator", readAssistants, api.Typed(s.whatsapp.GetSimulator), "Whether there is a simulator"},
		{"GET", v1 + "/simulator/{path...}", readConversations, api.Raw(s.whatsapp.Simulate, whatsapp.SimulateDoc), "Look at the simulator"},
		{"POST", v1 + "/simulator/{path...}", writeConversations, api.Raw(s.whatsapp.Simulate, whatsapp.SimulateDoc), "Act in the simulator"},
		{"PUT", v1 + "/simulator/{path...}", writeConversations, api.Raw(s.whatsapp.Simulate, whatsapp.SimulateDoc), "Set the simulator"},
		{"PATCH", v1 + "/simulator/{path...}", writeConversations, api.Raw(s.whatsapp.Simulate, whatsapp.SimulateDoc), "Change the simulator"},
	}
}
