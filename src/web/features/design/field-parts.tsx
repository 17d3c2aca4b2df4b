import { useState } from 'react';
import { CheckField } from '../../ui/check-field.tsx';
import { ChoiceField } from '../../ui/choice-field.tsx';
import { TextField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';

const drives = ['auto', 'ssd', 'network'] as const;
const driveWords = { auto: 'find out', ssd: 'SSD', network: 'network share' } as const;

export function FieldParts() {
  const [name, setName] = useState('Lake');
  const [drive, setDrive] = useState<(typeof drives)[number]>('auto');
  const [isOn, setOn] = useState(true);
  return (
    <div className="design-fields">
      <TextField label="Name" hint="What it is for." value={name} onChange={setName} />
      <TextField label="Empty" placeholder="What goes here" value="" onChange={() => {}} />
      <TextField label="Wrong" value="relative/path" error="It is not a full path." onChange={() => {}} />
      <TextField label="Fixed" hint="The environment sets it." value="/mnt/nas" disabled onChange={() => {}} />
      <ChoiceField label="Drive" options={drives} words={driveWords} value={drive} onChange={setDrive} />
      <Segmented label="Drive" options={drives} words={driveWords} value={drive} onChange={setDrive} />
      <CheckField label="Files here may be deleted" hint="Only after a plan." checked={isOn} onChange={setOn} />
      <CheckField label="Fixed" checked disabled onChange={() => {}} />
    </div>
  );
}
