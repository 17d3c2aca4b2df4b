import { Info, Save } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Setting } from '../../../contract/settings.ts';
import { useChangeSettings } from '../../api/actions.ts';
import { toApiError } from '../../api/api-error.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { countOf } from '../../ui/format.ts';
import { noticeDone } from '../../ui/notices.ts';
import type { PathFieldComponent } from './setting-control.tsx';
import { SettingRow } from './setting-row.tsx';
import { grouped, keyNamedIn, problemOf } from './setting-words.ts';

/** Entered and not saved: text, or null for "out of the settings file". */
type Drafts = Readonly<Record<string, string | null>>;

interface SettingsFormProps {
  readonly settings: readonly Setting[];
  readonly PathField: PathFieldComponent;
}

function withDraft(drafts: Drafts, key: string, draft: string | null | undefined): Drafts {
  const { [key]: _before, ...others } = drafts;
  return draft === undefined ? others : { ...others, [key]: draft };
}

/** All settings with what is wrong at their fields; saved together, so that nothing is written when one is refused. */
export function SettingsForm({ settings, PathField }: SettingsFormProps) {
  const [drafts, setDrafts] = useState<Drafts>({});
  const form = useRef<HTMLFormElement>(null);
  const change = useChangeSettings();
  const failure = change.error ? toApiError(change.error) : null;
  const keys = Object.keys(drafts);
  const refusedKey = failure ? keyNamedIn(failure.message, keys) : undefined;
  const refusal = failure ? [failure.message, failure.hint].filter(Boolean).join(' ') : undefined;
  useEffect(() => {
    if (refusedKey !== undefined) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [refusedKey]);
  const waiting = settings.filter((setting) => setting.waitsForRestart);

  const errorOf = (setting: Setting): string | undefined => {
    const draft = drafts[setting.key];
    const problem = typeof draft === 'string' ? problemOf(setting, draft) : null;
    return problem ?? (setting.key === refusedKey ? refusal : undefined);
  };
  const isWrong = settings.some((setting) => {
    const draft = drafts[setting.key];
    return typeof draft === 'string' && problemOf(setting, draft) !== null;
  });
  const discard = () => {
    change.reset();
    setDrafts({});
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      noticeDone(`${countOf(keys.length, 'setting')} saved.`);
      setDrafts({});
    };
    change.mutate({ values: drafts }, { onSuccess });
  };

  return (
    <form ref={form} onSubmit={submit}>
      {waiting.length > 0 && (
        <div className="panel mb-4 overflow-hidden">
          <Banner
            tone="note"
            icon={Info}
            title={`${countOf(waiting.length, 'setting applies', 'settings apply')} after a restart.`}
          >
            Stop Weightroom and start it again to use them: {waiting.map(({ key }) => key).join(', ')}.
          </Banner>
        </div>
      )}
      {grouped(settings).map(([title, members]) => (
        <section key={title} className="mb-6" aria-label={title}>
          <h3 className="setting-group">{title}</h3>
          <ul className="panel">
            {members.map((setting) => (
              <SettingRow
                key={setting.key}
                setting={setting}
                draft={drafts[setting.key]}
                error={errorOf(setting)}
                PathField={PathField}
                onDraft={(draft) => {
                  change.reset();
                  setDrafts((before) => withDraft(before, setting.key, draft));
                }}
              />
            ))}
          </ul>
        </section>
      ))}
      {keys.length > 0 && (
        <div className="save-bar">
          {failure && refusedKey === undefined && (
            <p role="alert" className="text-danger">
              {refusal}
            </p>
          )}
          <span className="text-muted">Nothing is written until you save.</span>
          <Button onClick={discard}>Discard</Button>
          <Button
            type="submit"
            tone="primary"
            icon={Save}
            isBusy={change.isPending}
            disabled={isWrong || change.isPending}
          >
            Save {countOf(keys.length, 'change')}
          </Button>
        </div>
      )}
    </form>
  );
}
