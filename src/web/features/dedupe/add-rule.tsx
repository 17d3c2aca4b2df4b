import { Menu } from '@base-ui/react/menu';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { DedupeRule } from '../../../contract/dedupe.ts';
import { Button } from '../../ui/button.tsx';
import { FolderRuleDialog } from './folder-rule-dialog.tsx';
import { plainRules, ruleKey } from './rule-list.ts';
import type { NameOf } from './scan-words.ts';

interface AddRuleProps {
  readonly sides: readonly string[];
  readonly rules: readonly DedupeRule[];
  readonly nameOf: NameOf;
  readonly onAdd: (rule: DedupeRule) => void;
}

export function AddRule({ sides, rules, nameOf, onAdd }: AddRuleProps) {
  const [asked, setAsked] = useState<'prefer' | 'protect' | null>(null);
  const left = plainRules.filter(([kind]) => !rules.some((rule) => ruleKey(rule) === kind));
  return (
    <>
      <Menu.Root>
        <Menu.Trigger render={<Button icon={Plus}>Add rule</Button>} />
        <Menu.Portal>
          <Menu.Positioner className="z-45" align="start" sideOffset={4}>
            <Menu.Popup className="popup">
              <Menu.Item
                className="menu-item"
                data-tip="Copies in this folder are kept rather than others"
                onClick={() => setAsked('prefer')}
              >
                Prefer a folder …
              </Menu.Item>
              <Menu.Item
                className="menu-item"
                data-tip="No copy in this folder is ever touched"
                onClick={() => setAsked('protect')}
              >
                Protect a folder …
              </Menu.Item>
              {left.length > 0 && <div className="menu-line" role="separator" />}
              {left.map(([kind, title, meaning]) => (
                <Menu.Item key={kind} className="menu-item" data-tip={meaning} onClick={() => onAdd({ kind })}>
                  {title}
                </Menu.Item>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {asked !== null && (
        <FolderRuleDialog kind={asked} sides={sides} nameOf={nameOf} onAdd={onAdd} onClose={() => setAsked(null)} />
      )}
    </>
  );
}
