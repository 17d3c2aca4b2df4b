import { Cloud, HardDrive } from 'lucide-react';
import type { Candidate } from '../../../contract/folders.ts';
import { countOf } from '../../ui/format.ts';
import { visibleName } from '../../ui/visible-name.ts';
import { driveWords } from './location-words.ts';
import { lookWords } from './use-folder-listing.ts';

export interface Choice {
  readonly local: string;
  readonly lake: string;
}

interface CandidateListProps {
  readonly candidates: readonly Candidate[];
  readonly choice: Choice;
  readonly onChoose: (choice: Choice) => void;
}

function modelsOf({ modelFiles, isPartial }: Candidate): string {
  if (modelFiles === 0) return isPartial ? 'not counted' : 'no models yet';
  return isPartial ? `more than ${countOf(modelFiles, 'model')}` : countOf(modelFiles, 'model');
}

function UseAs(props: { word: string; path: string; isChosen: boolean; icon: typeof Cloud; onToggle: () => void }) {
  const { word, path, isChosen, icon: Icon, onToggle } = props;
  return (
    <button
      type="button"
      className="chip"
      aria-pressed={isChosen}
      aria-label={`Use ${path} as ${word}`}
      onClick={onToggle}
    >
      <Icon size={13} aria-hidden />
      {word}
    </button>
  );
}

/** What was found, each usable as the one or the other. */
export function CandidateList({ candidates, choice, onChoose }: CandidateListProps) {
  const take = (side: keyof Choice, path: string) => {
    const other = side === 'local' ? 'lake' : 'local';
    const isTaken = choice[side] === path;
    onChoose({
      ...choice,
      [side]: isTaken ? '' : path,
      ...(choice[other] === path && !isTaken ? { [other]: '' } : {}),
    });
  };
  return (
    <ul className="panel candidates">
      {candidates.map((candidate) => (
        <li key={candidate.path} className="candidate">
          <div className="min-w-0 flex-1">
            <p className="mono">
              <bdi>{visibleName(candidate.path)}</bdi>
            </p>
            <ul className="facts">
              <li>{lookWords[candidate.looks]}</li>
              <li>{modelsOf(candidate)}</li>
              <li>{driveWords[candidate.driveKind]}</li>
            </ul>
          </div>
          <div className="flex gap-1">
            {(['local', 'lake'] as const).map((side) => (
              <UseAs
                key={side}
                word={side === 'local' ? 'Local' : 'Lake'}
                icon={side === 'local' ? HardDrive : Cloud}
                path={candidate.path}
                isChosen={choice[side] === candidate.path}
                onToggle={() => take(side, candidate.path)}
              />
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}
