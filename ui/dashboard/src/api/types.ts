// Short names for the nouns of the API, generated from its OpenAPI document.
import type { components, paths } from './schema';

type Schemas = components['schemas'];

export type Me = Schemas['Me'];
export type Permission = Me['permissions'][number];
export type Role = Schemas['Member']['role'];

export type ConversationRow = Schemas['Conversation'];
export type ConversationPage = Schemas['ConversationPage'];
export type Conversation = Schemas['ConversationDetail'];
export type ConversationQuery = NonNullable<paths['/api/v1/conversations']['get']['parameters']['query']>;
export type Tag = Schemas['Tag'];
export type UsedTag = Schemas['UsedTag'];
export type Note = Schemas['Note'];
export type SavedView = Schemas['View'];
export type CannedReply = Schemas['CannedReply'];
export type Source = ConversationRow['source'];
export type Snippet = Schemas['Snippet'];
export type Tiles = Schemas['Tiles'];
export type Variable = Schemas['Variable'];
export type Evaluation = Schemas['Evaluation'];
export type UsageRow = Schemas['UsageRow'];

export type Message = Schemas['Message'];
export type MessageRole = Message['role'];
export type Delivery = NonNullable<Message['delivery']>;
export type Attachment = Schemas['Attachment'];
export type ToolCall = Schemas['ToolCall'];

export type Topics = Schemas['Topics'];
export type Topic = Schemas['Topic'];
export type TopicRun = Schemas['TopicRun'];
export type TopicKind = Topics['kind'];
export type TopicPeriod = Schemas['TopicPeriod'];
export type EvaluatedTopic = Schemas['EvaluatedTopic'];

export type Turn = Schemas['Turn'];
export type Passage = Schemas['Passage'];
export type Step = Schemas['Step'];

export type StreamEvent = Schemas['StreamEvent'];
export type StreamTurn = Schemas['StreamTurn'];

export type Assistant = Schemas['Assistant'];
export type AssistantConfig = Schemas['AssistantConfig'];
export type AssistantVersion = Schemas['AssistantVersion'];
export type AssistantStatus = AssistantConfig['status'];
export type ModelChoice = Schemas['ModelChoice'];
export type VariableSchema = Schemas['VariableSchema'];
export type HTTPTool = Schemas['HTTPTool'];
export type ToolResult = Schemas['ToolResult'];
export type Document = Schemas['Document'];
export type Example = Schemas['Example'];
export type VersionComparison = Schemas['VersionComparison'];
export type ComparedVersion = Schemas['ComparedVersion'];
export type VersionStep = Schemas['VersionStep'];
export type PromptPreview = Schemas['PromptPreview'];
export type ImportedAssistant = Schemas['ImportedAssistant'];

export type Provider = Schemas['Provider'];
export type ProviderCheck = Schemas['ProviderCheck'];
export type Price = Schemas['Price'];
export type PriceImport = Schemas['PriceImport'];
export type Workspace = Schemas['Workspace'];
export type Member = Schemas['Member'];
export type Invite = Schemas['Invite'];
export type InviteInfo = Schemas['InviteInfo'];
export type APIKey = Schemas['APIKey'];

export type AnalyticsSummary = Schemas['Summary'];
export type AnalyticsSeries = Schemas['Series'];
export type AnalyticsNumbers = Schemas['Numbers'];
export type AnalyticsGroups = Schemas['Groups'];
export type AnalyticsGroup = Schemas['Group'];
export type AnalyticsLabels = Schemas['Labels'];
export type UnpricedModel = Schemas['UnpricedModel'];
export type AnalyticsQuery = NonNullable<paths['/api/v1/analytics']['get']['parameters']['query']>;

export type Budget = Schemas['Budget'];
export type Budgets = Schemas['Budgets'];

export type Export = Schemas['Export'];
export type NewExport = Schemas['NewExport'];
export type Import = Schemas['Import'];
export type ExportColumns = Schemas['ExportColumns'];

export type Sender = Schemas['Sender'];
export type SenderHealth = Schemas['SenderHealth'];
export type SenderCheck = Schemas['SenderCheck'];
export type SaveSender = Schemas['SaveSender'];
export type Template = Schemas['Template'];
export type TemplateFill = Schemas['TemplateFill'];
export type QuoteTemplate = Schemas['QuoteTemplate'];
export type TemplatePreview = Schemas['TemplatePreview'];
export type Bulk = Schemas['Bulk'];
export type StartBulk = Schemas['StartBulk'];

export type Contact = Schemas['Contact'];
export type Erasure = Schemas['Erasure'];
export type Retention = Schemas['Retention'];

export type Webhook = Schemas['Webhook'];
export type Alert = Schemas['Alert'];
export type WebhookEndpoint = Schemas['WebhookEndpoint'];
export type WebhookEvent = WebhookEndpoint['events'][number];
export type SaveWebhookEndpoint = Schemas['SaveWebhookEndpoint'];
export type WebhookDelivery = Schemas['WebhookDelivery'];
export type WebhookAttempt = Schemas['WebhookAttempt'];

export type Widget = Schemas['Widget'];
export type WidgetSettings = Schemas['WidgetSettings'];
export type WidgetField = Schemas['WidgetField'];
export type WidgetCheck = Schemas['WidgetCheck'];
