import { useRef, useState } from 'preact/hooks';
import type { Config } from '../../protocol';
import type { State } from '../core/state';
import type { Visit } from '../core/visit';
import { Avatar } from './Avatar';
import { Icon } from './Icon';
import { Menu } from './Menu';
import type { Text } from './use';

type HeaderProps = { visit: Visit; state: State; config: Config | null; t: Text | null };

/** Who answers, and what can be done with the conversation. */
export function Header({ visit, state, config, t }: HeaderProps) {
  const [menu, setMenu] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  const operator = state.conversation?.status === 'active' ? state.conversation.operator : null;
  return (
    <header class="header">
      {config && t && (
        <>
          <Avatar name={operator?.name || config.assistant.name} picture={operator ? '' : config.assistant.avatar} />
          <div class="names">
            <h2>{operator?.name || t('title')}</h2>
            {!operator && t('subtitle') && <p>{t('subtitle')}</p>}
          </div>
          <button
            ref={more}
            class="bare"
            type="button"
            aria-label={t('menu')}
            aria-expanded={menu}
            onClick={() => setMenu(!menu)}
          >
            <Icon name="more" />
          </button>
        </>
      )}
      {visit.host.config.mode !== 'page' && (
        <button
          class="bare"
          type="button"
          aria-label={t?.('close') ?? visit.host.config.close_label}
          onClick={() => visit.host.open(false)}
        >
          <Icon name="close" />
        </button>
      )}
      {menu && config && t && (
        <Menu {...{ visit, state, config, t }} done={() => (setMenu(false), more.current?.focus())} />
      )}
    </header>
  );
}
