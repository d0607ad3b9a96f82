export const shells = ['bash', 'zsh', 'fish'] as const;
export type ShellName = (typeof shells)[number];

/** The script of each shell: it asks `vigilia` for the words, and offers files where there are none. */
export const completionScripts: Readonly<Record<ShellName, string>> = {
  bash: `_vigilia() {
  local IFS=$'\\n'
  COMPREPLY=($(vigilia __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _vigilia vigilia
`,
  zsh: `#compdef vigilia
_vigilia() {
  local -a found
  found=(\${(f)"$(vigilia __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( $#found )); then compadd -a found; else _files; fi
}
compdef _vigilia vigilia
`,
  fish: `complete -c vigilia -a '(vigilia __complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
};
