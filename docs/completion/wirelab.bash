# bash completion for wirelab and tracer. Nothing is listed here: what can be typed is asked of the programs
# themselves, so that this file cannot get old.

# The options that COMMAND --help shows, one a line.
_wirelab_options() {
  "$@" --help 2>/dev/null | sed -n 's/^  \(-[^ ]*\).*/\1/p' | tr ',' '\n' | sed 's/[{:].*//'
}

# The subcommands that COMMAND --help shows.
_wirelab_subcommands() {
  "$@" --help 2>/dev/null | sed -n '/^Subcommands:/,$ s/^  \([a-z][a-z]*\)  .*/\1/p'
}

_wirelab_labs() { "$1" list 2>/dev/null | sed -n 's/^\([0-9][0-9]*-[a-z0-9-]*\) .*/\1/p'; }
_wirelab_scenarios() {
  "$1" list 2>/dev/null | awk -v lab="$2" '/^[0-9]/ { on = ($1 == lab) } on && /^    / { print $1 }'
}
_wirelab_exercises() {
  "$1" list 2>/dev/null | awk -v lab="$2" '/^[0-9]/ { on = ($1 == lab) } on && $2 == "exercise" { sub(":", "", $3); print $3 }'
}
# The formats stand in tracer's help, behind -T.
_wirelab_formats() {
  "$@" --help 2>/dev/null | sed -n 's/^  -T FORMAT *\([^;]*\).*/\1/p' | tr -s ', ' '\n' | grep -vx or
}
_wirelab_fields() { "$@" --fields 2>/dev/null | sed 's/ .*//'; }

_wirelab_words() { COMPREPLY=($(compgen -W "$1" -- "${COMP_WORDS[COMP_CWORD]}")); }
_wirelab_files() { COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")); }

# _wirelab_tracer FIRST PROGRAM...: completes a word of the tracer's, whose own words begin at FIRST.
_wirelab_tracer() {
  local first=$1 word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  shift
  case $before in
    -T) _wirelab_words "$(_wirelab_formats "$@")"; return ;;
    -e) _wirelab_words "$(_wirelab_fields "$@")"; return ;;
    -r|-w|-o|--check) _wirelab_files; return ;;
    -i) _wirelab_words "$("$@" -D 2>/dev/null | sed 's/^[0-9]*\.* *//; s/ .*//')"; return ;;
    --color) _wirelab_words "auto always never"; return ;;
    --notation) _wirelab_words "wireshark stevens rfc9293"; return ;;
  esac
  case $word in
    -*) _wirelab_words "$(_wirelab_options "$@")" ;;
    *) _wirelab_files ;;
  esac
}

_tracer() { _wirelab_tracer 1 "${COMP_WORDS[0]}"; }

_wirelab() {
  local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} sub=${COMP_WORDS[1]} lab= i
  if [ "$COMP_CWORD" = 1 ]; then
    case $word in
      -*) _wirelab_words "$(_wirelab_options "$program")" ;;
      *) _wirelab_words "$(_wirelab_subcommands "$program")" ;;
    esac
    return
  fi
  [ "$sub" = trace ] && { _wirelab_tracer 2 "$program" trace; return; }
  for ((i = 2; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in [0-9]*) lab=${COMP_WORDS[i]}; break ;; esac
  done
  case $before in
    --scenario) _wirelab_words "$(_wirelab_scenarios "$program" "$lab")"; return ;;
    --exercise) _wirelab_words "$(_wirelab_exercises "$program" "$lab")"; return ;;
    --lab) _wirelab_words "$(_wirelab_labs "$program")"; return ;;
    -T) _wirelab_words "$(_wirelab_formats "$program" trace)"; return ;;
    --color) _wirelab_words "auto always never"; return ;;
    --emit) _wirelab_words "gradescope junit exercism classroom50 json"; return ;;
    --verbosity) _wirelab_words "full seen none"; return ;;
    -o|--out|--file|--json|--csv|--html|--baseline|--trace|--course|--gradescope|--journal) _wirelab_files; return ;;
  esac
  case $word in
    -*) _wirelab_words "$(_wirelab_options "$program" "$sub"; [ "$sub" = dev ] && _wirelab_options "$program" dev check)" ;;
    *)
      case $sub in
        run|myths) _wirelab_words "$(_wirelab_labs "$program")" ;;
        check|watch|hint|reset)
          if [ -n "$lab" ]; then _wirelab_words "$(_wirelab_exercises "$program" "$lab")"
          else _wirelab_words "$(_wirelab_labs "$program")"; fi ;;
        grade) _wirelab_words "$(_wirelab_labs "$program")"; COMPREPLY+=($(compgen -f -- "$word")) ;;
        dev) if [ "$COMP_CWORD" = 2 ]; then _wirelab_words "$(_wirelab_subcommands "$program" dev)"
             else _wirelab_words "$(_wirelab_labs "$program")"; fi ;;
        bench) _wirelab_words "$("$program" bench --list 2>/dev/null | sed 's/ .*//')" ;;
      esac ;;
  esac
}

complete -F _wirelab wirelab
complete -F _tracer tracer
