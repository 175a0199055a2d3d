package server

import "parley"

// Short names for the table below. A route that asks for no permission is open
// to everybody or to whoever is signed in.
const (
	open     parley.Permission = ""
	signedIn parley.Permission = "signed in"

	readConversations  = parley.PermConversationsRead
	writeConversations = parley.PermConversationsWrite
	readAssistants     = parley.PermAssistantsRead
	writeAssistants    = parley.PermAssistantsWrite
	readSettings       = parley.PermSettingsRead
	writeSettings      = parley.PermSettingsWrite
	manageMembers      = parley.PermMembersManage
)

// routes is the whole API: what a request must be, what permission it needs,
// what answers it, and what the documentation calls it.
func (s *Server) routes() []route {
	const v1 = "/api/v1"
	return []route{
		{"GET", v1 + "/auth/state", open, typed(planned[none, reply[AuthState]]), "What the sign-in page has to show"},
		{"POST", v1 + "/auth/setup", open, typed(planned[body[Setup], reply[Me]]), "Create the first workspace and its owner"},
		{"POST", v1 + "/auth/signin", open, typed(planned[body[SignIn], reply[Me]]), "Sign in"},
		{"POST", v1 + "/auth/link", open, typed(planned[body[SignInLink], reply[Me]]), "Sign in with a one-time link"},
		{"POST", v1 + "/auth/signout", open, typed(planned[none, none]), "Sign out"},
		{"GET", v1 + "/auth/invites/{token}", open, typed(planned[byToken, reply[InviteInfo]]), "Look at an invite"},
		{"POST", v1 + "/auth/join", open, typed(planned[body[Join], reply[Me]]), "Join with an invite"},
		{"GET", v1 + "/me", signedIn, typed(planned[none, reply[Me]]), "Who asks, and what they may do"},
		{"PATCH", v1 + "/me", signedIn, typed(planned[body[EditMe], reply[Me]]), "Change one's own name or password"},

		{"GET", v1 + "/conversations", readConversations, typed(planned[listConversations, reply[ConversationPage]]), "List conversations"},
		{"POST", v1 + "/conversations", writeConversations, created(planned[body[NewConversation], reply[ConversationDetail]]), "Open a conversation"},
		{"GET", v1 + "/conversations/tiles", readConversations, typed(planned[tilesQuery, reply[Tiles]]), "Numbers above the list"},
		{"GET", v1 + "/conversations/{id}", readConversations, typed(planned[byID, reply[ConversationDetail]]), "Read a conversation"},
		{"DELETE", v1 + "/conversations/{id}", writeConversations, typed(planned[byID, none]), "Erase a conversation"},
		{"GET", v1 + "/conversations/{id}/messages", readConversations, typed(planned[listMessages, reply[MessagePage]]), "Read the messages"},
		{"POST", v1 + "/conversations/{id}/messages", writeConversations, created(planned[postMessage, reply[Sent]]), "Write a message"},
		{"GET", v1 + "/conversations/{id}/transcript", readConversations, typed(planned[transcriptQuery, textReply]), "Read the transcript"},
		{"GET", v1 + "/conversations/{id}/turns/{turn_id}", readConversations, typed(planned[byTurn, reply[Turn]]), "Why this answer?"},
		{"POST", v1 + "/conversations/{id}/takeover", writeConversations, typed(planned[byID, reply[TakeoverResult]]), "Take over from the assistant"},
		{"POST", v1 + "/conversations/{id}/release", writeConversations, typed(planned[byID, reply[Conversation]]), "Give back to the assistant"},
		{"POST", v1 + "/conversations/{id}/end", writeConversations, typed(planned[byID, reply[Conversation]]), "End a conversation"},
		{"POST", v1 + "/conversations/{id}/evaluate", writeConversations, typed(planned[byID, reply[ConversationDetail]]), "Evaluate a conversation again"},
		{"GET", v1 + "/stream", readConversations, typed(planned[streamQuery, reply[StreamEvent]]), "Live events (server-sent events)"},
		{"POST", v1 + "/attachments", writeConversations, created(planned[none, reply[parley.Attachment]]), "Upload a file"},
		{"GET", v1 + "/attachments/{id}", readConversations, typed(planned[byID, textReply]), "Download a file"},

		{"GET", v1 + "/assistants", readAssistants, typed(planned[listAssistants, reply[page[Assistant]]]), "List assistants"},
		{"POST", v1 + "/assistants", writeAssistants, created(planned[body[parley.AssistantConfig], reply[Assistant]]), "Make an assistant"},
		{"GET", v1 + "/assistants/{id}", readAssistants, typed(planned[byID, reply[Assistant]]), "Read an assistant"},
		{"PUT", v1 + "/assistants/{id}", writeAssistants, typed(planned[bodyFor[SaveAssistant], reply[Assistant]]), "Save a new version"},
		{"DELETE", v1 + "/assistants/{id}", writeAssistants, typed(planned[byID, none]), "Delete an assistant"},
		{"GET", v1 + "/assistants/{id}/versions", readAssistants, typed(planned[pageFor, reply[page[AssistantVersion]]]), "List the versions"},
		{"GET", v1 + "/assistants/{id}/versions/{n}", readAssistants, typed(planned[byVersion, reply[AssistantVersion]]), "Read a version"},
		{"POST", v1 + "/assistants/{id}/versions/{n}/restore", writeAssistants, typed(planned[byVersion, reply[Assistant]]), "Save an old version as the newest"},
		{"GET", v1 + "/assistants/{id}/knowledge", readAssistants, typed(planned[byID, reply[list[Document]]]), "List the documents"},
		{"POST", v1 + "/assistants/{id}/knowledge", writeAssistants, created(planned[bodyFor[SaveDocument], reply[Document]]), "Add a document"},
		{"POST", v1 + "/assistants/{id}/knowledge/search", readAssistants, typed(planned[bodyFor[KnowledgeQuestion], reply[list[parley.Passage]]]), "Try what a question finds"},
		{"GET", v1 + "/assistants/{id}/knowledge/{doc}", readAssistants, typed(planned[byDocument, reply[Document]]), "Read a document"},
		{"PUT", v1 + "/assistants/{id}/knowledge/{doc}", writeAssistants, typed(planned[saveDocument, reply[Document]]), "Replace a document"},
		{"DELETE", v1 + "/assistants/{id}/knowledge/{doc}", writeAssistants, typed(planned[byDocument, none]), "Remove a document"},
		{"POST", v1 + "/assistants/{id}/tools/test", writeAssistants, typed(planned[bodyFor[ToolTest], reply[ToolResult]]), "Try a tool"},

		{"GET", v1 + "/providers", readAssistants, typed(planned[none, reply[list[Provider]]]), "List the model providers"},
		{"POST", v1 + "/providers", writeSettings, created(planned[body[SaveProvider], reply[Provider]]), "Add a provider"},
		{"POST", v1 + "/providers/test", writeSettings, typed(planned[body[TestProvider], reply[ProviderCheck]]), "Try a provider"},
		{"GET", v1 + "/providers/{id}", readSettings, typed(planned[byID, reply[Provider]]), "Read a provider"},
		{"PUT", v1 + "/providers/{id}", writeSettings, typed(planned[bodyFor[SaveProvider], reply[Provider]]), "Change a provider"},
		{"DELETE", v1 + "/providers/{id}", writeSettings, typed(planned[byID, none]), "Delete a provider"},
		{"GET", v1 + "/prices", readSettings, typed(planned[none, reply[list[Price]]]), "List the prices"},
		{"POST", v1 + "/prices", writeSettings, created(planned[body[NewPrice], reply[Price]]), "Set a price"},
		{"POST", v1 + "/prices/import", writeSettings, typed(planned[csvBody, reply[PriceImport]]), "Import prices from CSV"},
		{"GET", v1 + "/workspace", readAssistants, typed(planned[none, reply[Workspace]]), "Read the workspace"},
		{"PATCH", v1 + "/workspace", writeSettings, typed(planned[body[EditWorkspace], reply[Workspace]]), "Change the workspace"},

		{"GET", v1 + "/members", manageMembers, typed(planned[none, reply[list[Member]]]), "List the members"},
		{"GET", v1 + "/members/{id}", manageMembers, typed(planned[byID, reply[Member]]), "Read a member"},
		{"PATCH", v1 + "/members/{id}", manageMembers, typed(planned[bodyFor[EditMember], reply[Member]]), "Change a member"},
		{"DELETE", v1 + "/members/{id}", manageMembers, typed(planned[byID, none]), "Remove a member"},
		{"GET", v1 + "/invites", manageMembers, typed(planned[none, reply[list[Invite]]]), "List the invites"},
		{"POST", v1 + "/invites", manageMembers, created(planned[body[NewInvite], reply[Invite]]), "Make an invite"},
		{"DELETE", v1 + "/invites/{id}", manageMembers, typed(planned[byID, none]), "Withdraw an invite"},
		{"GET", v1 + "/api-keys", manageMembers, typed(planned[none, reply[list[APIKey]]]), "List the API keys"},
		{"POST", v1 + "/api-keys", manageMembers, created(planned[body[NewAPIKey], reply[APIKey]]), "Make an API key"},
		{"DELETE", v1 + "/api-keys/{id}", manageMembers, typed(planned[byID, none]), "Revoke an API key"},
	}
}
