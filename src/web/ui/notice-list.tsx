import { Check, OctagonAlert, X } from 'lucide-react';
import { Button, IconButton } from './button.tsx';
import { dismissNotice, type Notice, useNotices } from './notices.ts';

function Action({ id, action }: Pick<Notice, 'id' | 'action'>) {
  if (!action) return null;
  const run = () => {
    dismissNotice(id);
    action.run();
  };
  return <Button onClick={run}>{action.label}</Button>;
}

/** What finished or failed; failures stay until they are dismissed. */
export function NoticeList() {
  const notices = useNotices();
  return (
    <section className="notices" aria-label="Notices" aria-live="polite">
      {notices.map((notice) => (
        <div
          key={notice.id}
          className="notice"
          data-tone={notice.tone}
          role={notice.tone === 'failed' ? 'alert' : 'status'}
        >
          {notice.tone === 'failed' ? <OctagonAlert size={16} aria-hidden /> : <Check size={16} aria-hidden />}
          <div className="notice-text">
            <p>{notice.title}</p>
            {notice.hint && <p className="text-muted">{notice.hint}</p>}
          </div>
          <Action id={notice.id} action={notice.action} />
          <IconButton icon={X} label="Dismiss" onClick={() => dismissNotice(notice.id)} />
        </div>
      ))}
    </section>
  );
}
