import type { Config } from '../../protocol';
import type { State } from '../core/state';
import type { Visit } from '../core/visit';
import type { Text } from './use';

/** What every view of the panel gets. */
export type Props = { visit: Visit; state: State; config: Config; t: Text };
