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

export type Turn = Schemas['Turn'];
export type Passage = Schemas['Passage'];
export type Step = Schemas['Step'];

export type StreamEvent = Schemas['StreamEvent'];
export type StreamTurn = Schemas['StreamTurn'];
