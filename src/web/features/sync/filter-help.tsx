import { Popover } from '@base-ui/react/popover';
import { ListFilter } from 'lucide-react';
import { memo } from 'react';

const words: readonly (readonly [string, string])[] = [
  ['ext:gguf', 'file extension'],
  ['size>4GB', 'larger than; also < >= <=, and KB, MB, TB'],
  ['category:loras', 'first folder of the path'],
  ['state:conflict', 'compare state'],
  ['location:lake', 'exists at this location'],
  ['dup:yes', 'same content in more than one place'],
];

interface FilterHelpProps {
  readonly onAdd: (word: string) => void;
}

/** Words that narrow a search; pressing one adds it. */
export const FilterHelp = memo(function FilterHelp({ onAdd }: FilterHelpProps) {
  return (
    <Popover.Root>
      <Popover.Trigger className="icon-button" aria-label="Filter words" data-tip="Filter words">
        <ListFilter size={15} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" className="z-45">
          <Popover.Popup className="popup">
            <Popover.Title className="px-2 py-1 text-xs font-normal text-muted">
              Words in any order find names, also with typing errors. Narrow with:
            </Popover.Title>
            {words.map(([word, meaning]) => (
              <Popover.Close
                key={word}
                className="menu-item w-full hover:bg-hover focus-visible:bg-hover"
                onClick={() => onAdd(word)}
              >
                <code className="mono w-32 flex-none">{word}</code>
                <span className="truncate text-muted">{meaning}</span>
              </Popover.Close>
            ))}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
});
