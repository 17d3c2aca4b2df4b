import { type FormEvent, useState } from 'react';
import type { DedupeRule } from '../../../contract/dedupe.ts';
import { Button } from '../../ui/button.tsx';
import { ChoiceField } from '../../ui/choice-field.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import type { NameOf } from './scan-words.ts';

interface FolderRuleDialogProps {
  readonly kind: 'prefer' | 'protect';
  readonly sides: readonly string[];
  readonly nameOf: NameOf;
  readonly onAdd: (rule: DedupeRule) => void;
  readonly onClose: () => void;
}

const words = {
  prefer: ['Prefer a folder', 'A copy in it is kept rather than one elsewhere.', 'Prefer it'],
  protect: ['Protect a folder', 'No copy in it is ever touched, whatever else you choose.', 'Protect it'],
} as const;

const anywhere = '';

export function FolderRuleDialog({ kind, sides, nameOf, onAdd, onClose }: FolderRuleDialogProps) {
  const [location, setLocation] = useState(sides.length === 1 ? (sides[0] ?? anywhere) : anywhere);
  const [typed, setTyped] = useState('');
  const [title, description, verb] = words[kind];
  const folder = typed
    .trim()
    .replaceAll('\\', '/')
    .replace(/^\/+|\/+$/g, '');
  const isEmpty = folder === '' && location === anywhere;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (isEmpty) return;
    onAdd({ kind, folder, ...(location === anywhere ? {} : { location }) });
    onClose();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      description={description}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit" form="folder-rule" disabled={isEmpty}>
            {verb}
          </Button>
        </>
      }
    >
      <form id="folder-rule" className="folder-rule" onSubmit={onSubmit}>
        <TextField
          label="Folder"
          hint="Below the location, such as loras/flux. Left empty: all of the location."
          className="mono"
          value={typed}
          onChange={setTyped}
          spellCheck={false}
          autoComplete="off"
        />
        <ChoiceField
          label="Location"
          words={{ [anywhere]: 'Any location', ...Object.fromEntries(sides.map((id) => [id, nameOf(id)])) }}
          options={[anywhere, ...sides]}
          value={location}
          onChange={setLocation}
        />
      </form>
    </Dialog>
  );
}
