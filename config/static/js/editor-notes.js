// 文字编辑器: what is told or asked under a text, each thing under its own name until it is settled.
// The other modules reach it through the editor: editor.storage.notes.tell('pictures', '…', [['知道了', () => {}]]).
import { Extension, crel } from 'django-prose-editor/editor';

export const Notes = Extension.create({
  name: 'notes',

  addStorage() {
    const notes = new Map(), box = crel('div', { className: 'editor-notes', role: 'status' });
    // Without a text the note goes; one that says the same is left alone, so that nobody hears it twice.
    const tell = (name, text = '', answers = []) => {
      const old = notes.get(name);
      if ((old ? old.firstChild.textContent : '') === text) return;
      if (old) old.remove();
      notes.delete(name);
      if (!text) return;
      const buttons = answers.map(([label, act]) => {
        const button = crel('button', { type: 'button', textContent: label });
        button.addEventListener('click', () => { tell(name); act(); });
        return button;
      });
      notes.set(name, crel('p', { className: 'warning' }, [crel('span', { textContent: text }), ...buttons]));
      box.append(notes.get(name));
    };
    return { box, tell };
  },

  onCreate() {
    this.editor.view.dom.after(this.storage.box);
  },
});
