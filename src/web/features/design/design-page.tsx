import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { LookSwitches } from '../../ui/look-switches.tsx';
import { ButtonParts } from './button-parts.tsx';
import { ColourParts, TypeParts } from './colour-parts.tsx';
import './design.css';
import { FieldParts } from './field-parts.tsx';
import { OverlayParts } from './overlay-parts.tsx';
import { StateParts, TableParts } from './state-parts.tsx';

interface DesignPageProps {
  /** Parts of the compare page, given by the router: features do not import each other. */
  readonly compareParts: ReactNode;
  readonly queueParts: ReactNode;
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="design-section" aria-label={title}>
      <h2 className="text-sm">{title}</h2>
      {children}
    </section>
  );
}

/** Every part of the interface in every state, made of the same code as the pages. */
export function DesignPage({ compareParts, queueParts }: DesignPageProps) {
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1 className="page-title">Parts of this interface</h1>
          <p className="page-intro">
            Every part in every state. Reach each with the Tab key to see its focus, and point at it for its tip.
          </p>
        </div>
        <Link to="/settings" className="link">
          Back to Settings
        </Link>
      </header>
      <div className="panel design-switches">
        <LookSwitches />
      </div>
      <Section title="Colours">
        <ColourParts />
      </Section>
      <Section title="Type, names and numbers">
        <TypeParts />
      </Section>
      <Section title="Buttons, links and keys">
        <ButtonParts />
      </Section>
      <Section title="Fields">
        <FieldParts />
      </Section>
      <Section title="Dialogs, menus, notices and tips">
        <OverlayParts />
      </Section>
      <Section title="Progress, empty, failed, offline">
        <StateParts />
      </Section>
      <Section title="Table">
        <TableParts />
      </Section>
      <Section title="States of files, and the folder tree">{compareParts}</Section>
      <Section title="Tasks of the queue, and free space">{queueParts}</Section>
    </div>
  );
}
