import { Search, X } from 'lucide-react';
import { type KeyboardEvent, memo, type RefObject } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { useHandlers } from '../../ui/use-handlers.ts';
import { FilterHelp } from './filter-help.tsx';
import type { SearchText } from './use-search-text.ts';

interface SearchBoxProps {
  readonly typed: SearchText['typed'];
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onText: (text: string) => void;
  /** Down to the rows. */
  readonly onLeave: () => void;
}

export const SearchBox = memo(function SearchBox({ typed, input, onText, onLeave }: SearchBoxProps) {
  const text = typed.use((now) => now);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'Enter') onLeave();
    else if (event.key !== 'Escape') return;
    else if (text === '') onLeave();
    else onText('');
    event.preventDefault();
  };
  const { addWord } = useHandlers({
    addWord: (word: string) => {
      onText(text === '' ? word : `${text.trimEnd()} ${word}`);
      input.current?.focus();
    },
  });
  const clear = () => {
    onText('');
    input.current?.focus();
  };
  return (
    <search className="search">
      <Search size={14} aria-hidden className="search-glyph" />
      <input
        ref={input}
        type="text"
        className="search-input"
        aria-label="Search both sides"
        placeholder="Search: flux lora size>4GB state:conflict"
        value={text}
        maxLength={500}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {text === '' ? <Kbd keys="/" /> : <IconButton icon={X} label="Clear search" onClick={clear} />}
      <FilterHelp onAdd={addWord} />
    </search>
  );
});
