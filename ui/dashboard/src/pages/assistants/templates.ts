import { text } from '@/text/en';
import type { AssistantConfig } from '@/api/types';
import { builtinModel, builtinProvider } from './types';

const t = text.assistants.templates;

export type TemplateID = keyof typeof t;

/** The starts that a new assistant can be made from, the best first. */
export const templateIDs = Object.keys(t) as TemplateID[];

const blank: AssistantConfig = {
  name: '',
  status: 'draft',
  prompt: 'You are {assistant_name}, a friendly assistant. Today is {current_date}.',
  greeting: '',
  speaks_first: false,
  languages: ['en'],
  model: { provider_id: builtinProvider, model: builtinModel },
  inactivity_minutes: 30,
  reply_delay_seconds: 0,
  after_end: 'new',
};

const support: AssistantConfig = {
  ...blank,
  prompt: `You are {assistant_name}, the support assistant of our company. Today is {current_date}, {current_time}.

# How you answer
- Answer from the documents you are given. If they do not hold the answer, say so and offer a person.
- Be brief: two or three sentences, then ask whether that helped.
- Answer in the language of the person who writes.
- Never promise refunds, dates or prices that are not in the documents.

# What you find out
- When somebody asks about an order, ask for its number and keep it in order_id.
- Keep the reason for the contact in reason as soon as it is clear.

# When you hand over
- Somebody asks for a person, is upset, or wants something that you may not decide.
- Say that a colleague will take over, and hand over with the reason.

# When you end
- The person says that all is settled: wish a good day and end the conversation.`,
  greeting: "Hello! I'm {assistant_name}. How can I help you today?",
  speaks_first: true,
  trouble_text: "I'm sorry, something went wrong on our side. A colleague will get back to you.",
  variables: [
    {
      name: 'order_id',
      type: 'text',
      source: 'extracted',
      description: 'The order number that the person names, as in ORD-12345',
      question: 'What is your order number?',
    },
    {
      name: 'reason',
      type: 'enum',
      source: 'extracted',
      description: 'Why the person writes',
      options: ['order', 'delivery', 'return', 'payment', 'other'],
    },
  ],
};

const leads: AssistantConfig = {
  ...blank,
  prompt: `You are {assistant_name}, the first contact for people who are interested in our services. Today is {current_date}.

# Your goal
Find out what the person needs and how we can reach them. Ask one question at a time, and no more than four.

# What you find out
1. full_name: the person's name
2. email: the address for our answer
3. need: what they are looking for, in their own words
4. start_by: when they want to start

# Rules
- Answer questions about us from the documents you are given, briefly.
- Do not name prices that are not in the documents.
- When you know all four, thank the person, say that a colleague will answer within one working day, and hand over.`,
  greeting: 'Welcome! What can we do for you?',
  speaks_first: true,
  variables: [
    {
      name: 'full_name',
      type: 'text',
      source: 'extracted',
      description: "The person's full name",
      question: 'May I have your name?',
      required: true,
    },
    {
      name: 'email',
      type: 'text',
      source: 'extracted',
      description: "The person's e-mail address",
      question: 'At which e-mail address can we reach you?',
      required: true,
    },
    {
      name: 'need',
      type: 'text',
      source: 'extracted',
      description: 'What the person is looking for',
      question: 'What are you looking for?',
      required: true,
    },
    { name: 'start_by', type: 'date', source: 'extracted', description: 'When the person wants to start' },
    {
      name: 'qualified',
      type: 'boolean',
      source: 'post_conversation',
      description: 'Whether the person has a concrete need and can be reached',
    },
  ],
};

const faq: AssistantConfig = {
  ...blank,
  prompt: `You are {assistant_name}. You answer questions from the documents you are given, and from nothing else.

- Quote the document that the answer comes from.
- If the documents do not hold the answer, say: "I don't know that." Then offer to hand over to a person.
- Keep answers short and plain. Use lists for steps.`,
  greeting: 'Ask me anything about our products and services.',
  speaks_first: true,
};

const configs: Record<TemplateID, AssistantConfig> = { support, leads, faq, blank };

/** A new configuration from a template. */
export function fromTemplate(id: TemplateID, name: string): AssistantConfig {
  return { ...structuredClone(configs[id]), name };
}
