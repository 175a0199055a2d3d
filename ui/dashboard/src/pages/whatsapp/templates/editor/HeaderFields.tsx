import { Input, SegmentedControl, TextInput } from '@mantine/core';
import { text } from '@/text/en';
import { HeaderFile } from '../HeaderFile';
import { Samples } from './Samples';
import classes from './TemplateEditor.module.css';
import type { HeaderKind } from './draft';
import type { PartProps } from './fields';

const t = text.whatsapp.templates.form;

/** What Meta takes as the sample of a file. */
const accepted = { image: 'image/jpeg,image/png', video: 'video/mp4', document: 'application/pdf' };

/** What stands above the text: nothing, a line, or a file. */
export function HeaderFields(props: PartProps) {
  const { draft, problems, change } = props;
  const kind = draft.header;
  return (
    <div className={classes.part}>
      <div>
        <Input.Label id="template-header">{t.header}</Input.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-labelledby="template-header"
          value={kind}
          onChange={(next) => change({ header: next as HeaderKind, headerFile: null }, 'header', 'headerFile')}
          data={Object.entries(t.headers).map(([value, label]) => ({ value, label }))}
        />
      </div>
      {kind === 'text' && (
        <>
          <TextInput
            label={t.headerText}
            description={t.headerHelp}
            maxLength={60}
            value={draft.headerText}
            error={problems.header}
            onChange={(e) => change({ headerText: e.currentTarget.value }, 'header')}
          />
          <Samples part="header" {...props} />
        </>
      )}
      {kind !== 'text' && kind !== 'none' && (
        <HeaderFile
          key={kind}
          label={t.headerFile}
          description={t.headerFileHelp[kind]}
          accept={accepted[kind]}
          file={draft.headerFile}
          error={problems.headerFile ?? problems.header}
          onChange={(file) => change({ headerFile: file }, 'headerFile', 'header')}
        />
      )}
    </div>
  );
}
