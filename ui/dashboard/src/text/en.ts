// Every visible text of the dashboard in English, by page.
import { access } from './en/access';
import { alerts } from './en/alerts';
import { analytics } from './en/analytics';
import { app } from './en/app';
import { assistants } from './en/assistants';
import { bulk } from './en/bulk';
import { conversations } from './en/conversations';
import { costs } from './en/costs';
import { desk } from './en/desk';
import { exports } from './en/exports';
import { imports } from './en/imports';
import { privacy } from './en/privacy';
import { settings } from './en/settings';
import { simulator } from './en/simulator';
import { testchat } from './en/testchat';
import { topics } from './en/topics';
import { whatsapp } from './en/whatsapp';
import { webhooks } from './en/webhooks';
import { widgets } from './en/widgets';
import { workshop } from './en/workshop';

export const text = {
  ...app,
  access,
  alerts,
  analytics,
  assistants,
  bulk,
  conversations,
  costs,
  desk,
  exports,
  imports,
  privacy,
  settings,
  simulator,
  testchat,
  topics,
  webhooks,
  whatsapp,
  widgets,
  workshop,
};
