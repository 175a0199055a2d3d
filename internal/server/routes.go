package server

import (
	"parley"
	"parley/internal/server/access"
)

// Short names for the table below.
const (
	open     = access.Open
	signedIn = access.SignedIn

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
		{"GET", v1 + "/auth/state", open, typed(s.authState), "What the sign-in page has to show"},
		{"POST", v1 + "/auth/setup", open, typed(s.setup), "Create the first workspace and its owner"},
		{"POST", v1 + "/auth/signin", open, typed(s.signIn), "Sign in"},
		{"POST", v1 + "/auth/link", open, typed(s.signInByLink), "Sign in with a one-time link"},
		{"POST", v1 + "/auth/signout", open, typed(s.signOut), "Sign out"},
		{"GET", v1 + "/auth/invites/{token}", open, typed(s.lookAtInvite), "Look at an invite"},
		{"POST", v1 + "/auth/join", open, typed(s.join), "Join with an invite"},
		{"GET", v1 + "/me", signedIn, typed(s.me), "Who asks, and what they may do"},
		{"PATCH", v1 + "/me", signedIn, typed(s.editMe), "Change one's own name or password"},

		{"GET", v1 + "/conversations", readConversations, typed(s.listConversations), "List conversations"},
		{"POST", v1 + "/conversations", writeConversations, created(s.openConversation), "Open a conversation"},
		{"GET", v1 + "/conversations/tiles", readConversations, typed(s.tiles), "Numbers above the list"},
		{"GET", v1 + "/conversations/{id}", readConversations, typed(s.getConversation), "Read a conversation"},
		{"DELETE", v1 + "/conversations/{id}", writeConversations, typed(s.deleteConversation), "Erase a conversation"},
		{"GET", v1 + "/conversations/{id}/messages", readConversations, typed(s.listMessages), "Read the messages"},
		{"POST", v1 + "/conversations/{id}/messages", writeConversations, raw(s.postMessage, postMessageDoc), "Write a message"},
		{"GET", v1 + "/conversations/{id}/transcript", readConversations, typed(s.transcript), "Read the transcript"},
		{"GET", v1 + "/conversations/{id}/turns/{turn_id}", readConversations, typed(s.getTurn), "Why this answer?"},
		{"POST", v1 + "/conversations/{id}/takeover", writeConversations, typed(s.takeover), "Take over from the assistant"},
		{"POST", v1 + "/conversations/{id}/release", writeConversations, typed(s.release), "Give back to the assistant"},
		{"POST", v1 + "/conversations/{id}/end", writeConversations, typed(s.end), "End a conversation"},
		{"POST", v1 + "/conversations/{id}/evaluate", writeConversations, typed(s.evaluate), "Evaluate a conversation again"},
		{"GET", v1 + "/stream", readConversations, raw(s.stream, streamDoc), "Live events (server-sent events)"},
		{"POST", v1 + "/attachments", writeConversations, raw(s.upload, uploadDoc), "Upload a file"},
		{"GET", v1 + "/attachments/{id}", readConversations, raw(s.download, downloadDoc), "Download a file"},

		{"GET", v1 + "/assistants", readAssistants, typed(s.listAssistants), "List assistants"},
		{"POST", v1 + "/assistants", writeAssistants, created(s.createAssistant), "Make an assistant"},
		{"GET", v1 + "/assistants/{id}", readAssistants, typed(s.getAssistant), "Read an assistant"},
		{"PUT", v1 + "/assistants/{id}", writeAssistants, typed(s.saveAssistant), "Save a new version"},
		{"DELETE", v1 + "/assistants/{id}", writeAssistants, typed(s.deleteAssistant), "Delete an assistant"},
		{"GET", v1 + "/assistants/{id}/versions", readAssistants, typed(s.listVersions), "List the versions"},
		{"GET", v1 + "/assistants/{id}/versions/{n}", readAssistants, typed(s.getVersion), "Read a version"},
		{"POST", v1 + "/assistants/{id}/versions/{n}/restore", writeAssistants, typed(s.restoreVersion), "Save an old version as the newest"},
		{"GET", v1 + "/assistants/{id}/knowledge", readAssistants, typed(s.listDocuments), "List the documents"},
		{"POST", v1 + "/assistants/{id}/knowledge", writeAssistants, created(s.addDocument), "Add a document"},
		{"POST", v1 + "/assistants/{id}/knowledge/search", readAssistants, typed(s.searchKnowledge), "Try what a question finds"},
		{"GET", v1 + "/assistants/{id}/knowledge/{doc}", readAssistants, typed(s.getDocument), "Read a document"},
		{"PUT", v1 + "/assistants/{id}/knowledge/{doc}", writeAssistants, typed(s.replaceDocument), "Replace a document"},
		{"DELETE", v1 + "/assistants/{id}/knowledge/{doc}", writeAssistants, typed(s.removeDocument), "Remove a document"},
		{"POST", v1 + "/assistants/{id}/tools/test", writeAssistants, typed(s.testTool), "Try a tool"},

		{"GET", v1 + "/providers", readAssistants, typed(s.listProviders), "List the model providers"},
		{"POST", v1 + "/providers", writeSettings, created(s.createProvider), "Add a provider"},
		{"POST", v1 + "/providers/test", writeSettings, typed(s.testProvider), "Try a provider"},
		{"GET", v1 + "/providers/{id}", readSettings, typed(s.getProvider), "Read a provider"},
		{"PUT", v1 + "/providers/{id}", writeSettings, typed(s.saveProvider), "Change a provider"},
		{"DELETE", v1 + "/providers/{id}", writeSettings, typed(s.deleteProvider), "Delete a provider"},
		{"GET", v1 + "/prices", readSettings, typed(s.listPrices), "List the prices"},
		{"POST", v1 + "/prices", writeSettings, created(s.createPrice), "Set a price"},
		{"POST", v1 + "/prices/import", writeSettings, typed(s.importPrices), "Import prices from CSV"},
		{"GET", v1 + "/workspace", readAssistants, typed(s.getWorkspace), "Read the workspace"},
		{"PATCH", v1 + "/workspace", writeSettings, typed(s.editWorkspace), "Change the workspace"},

		{"GET", v1 + "/members", manageMembers, typed(s.listMembers), "List the members"},
		{"GET", v1 + "/members/{id}", manageMembers, typed(s.getMember), "Read a member"},
		{"PATCH", v1 + "/members/{id}", manageMembers, typed(s.editMember), "Change a member"},
		{"DELETE", v1 + "/members/{id}", manageMembers, typed(s.deleteMember), "Remove a member"},
		{"GET", v1 + "/invites", manageMembers, typed(s.listInvites), "List the invites"},
		{"POST", v1 + "/invites", manageMembers, created(s.createInvite), "Make an invite"},
		{"DELETE", v1 + "/invites/{id}", manageMembers, typed(s.deleteInvite), "Withdraw an invite"},
		{"GET", v1 + "/api-keys", manageMembers, typed(s.listKeys), "List the API keys"},
		{"POST", v1 + "/api-keys", manageMembers, created(s.createKey), "Make an API key"},
		{"DELETE", v1 + "/api-keys/{id}", manageMembers, typed(s.revokeKey), "Revoke an API key"},
	}
}
