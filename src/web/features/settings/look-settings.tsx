import { LookSwitches } from '../../ui/look-switches.tsx';

/** Look of this page; remembered in this browser. */
export function LookSettings() {
  return (
    <section>
      <h2 className="mb-2 text-sm">Look</h2>
      <div className="panel grid gap-3 p-3 sm:grid-cols-2">
        <LookSwitches />
      </div>
    </section>
  );
}
