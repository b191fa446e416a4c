# The calls. Each has a caller of its own, by whose number its verdict is found, and each case a user of its own: those
# before the last two are made at the same time.
# shellcheck shell=bash

# A caller listens to a question for a moment, then keys.
to_number=(@astcc-followed-by-the-pound-key 300)
to_PIN=(@confbridge-pin 300)
to_new_PIN=(@vm-newpassword 300)
to_repeat=(@vm-reenterpassword 300)

# Calls the attendant, keys a conference, an extension and a PIN; then further steps.
sign_in() { # caller extension PIN steps…
    local caller=$1 extension=$2 pin=$3
    shift 3
    dial "$caller" @conf-getconfno 300 4711# "${to_number[@]}" "$extension#" "${to_PIN[@]}" "$pin#" "$@"
}

# Gives a user of the sample company a PIN.
user() { # name PIN [parameters of Set-CsClientPin]
    shell <<<"Set-CsClientPin -Identity \"litwareinc\\$1\" -Pin $2 ${3:-} | Out-Null"
}

# The last call of this number heard this sound.
played() { # caller sound
    local channel
    channel=$(channel_of "$(number "$1")")
    grep -q "<$channel> Playing '$2[.']" "$run/full" || fail "the caller $1 did not hear $2"
}

case_1_the_right_PIN_joins_the_conference_as_the_user() {
    user kenmyer 18723834
    sign_in 2001 51219 18723834 @admitted 15000 hang &
    local telephone=$! channel name=
    # A telephone that is not admitted hangs up in time.
    until_true 300 "Ken is in the conference, or the call has ended" joined_or_ended 2001
    channel=$(joined 2001)
    [[ -z $channel ]] || name=$(name_of "$channel") || true
    wait $telephone
    expect 2001 "Success sip:kenmyer@litwareinc.com" "brought into the conference"
    [[ -n $channel ]] || fail "Ken did not come into the conference"
    [[ -n $name ]] || spoiled "the call ended before the conference was looked at"
    [[ $name == "Ken Myer" ]] || fail "Ken is in the conference as $name"
    echo "  the others see $name"
}

joined_or_ended() { [[ -n $(joined "$1") || -n $(verdict "$(number "$1")") ]]; }

# The channel of a caller, once it is in a conference.
joined() { # caller
    local channel
    channel=$(channel_from "$(number "$1")")
    [[ -z $channel ]] || ! grep -q "Channel $channel joined 'softmix'" "$run/full" || echo "$channel"
}

# The name that the others see. Pinward's own variables, which are told with it, have it too.
name_of() { # channel
    ask_asterisk "core show channel $1" | sed -n 's/^ *Caller ID Name: //p' | sed 's/ *$//'
}

case_2_three_wrong_PINs_are_hung_up_politely() {
    user packerman 18723834
    local again=("${to_number[@]}" 51297# "${to_PIN[@]}")
    sign_in 2002 51297 1111 "${again[@]}" 2222# "${again[@]}" 3333# stay
    expect 2002 "Refused" "three wrong PINs"
    played 2002 vm-goodbye
    again=("${to_number[@]}" 59999# "${to_PIN[@]}")
    sign_in 2012 59999 1111 "${again[@]}" 2222# "${again[@]}" 3333# stay
    expect 2012 "Refused" "nobody's extension, told alike"
    played 2012 vm-goodbye
}

case_3_a_locked_PIN_is_refused() {
    user johnsmith 18723834
    shell <<<'Lock-CsClientPin -Identity "litwareinc\johnsmith" | Out-Null'
    # The same words as for a wrong PIN, and the next question.
    sign_in 2003 51301 18723834 @vm-incorrect "${to_number[@]}" hang
    expect 2003 "HungUp" "locked"
    shell <<<'Unlock-CsClientPin -Identity "litwareinc\johnsmith" | Out-Null'
    sign_in 2013 51301 18723834 @admitted hang
    expect 2013 "Success sip:johnsmith@litwareinc.com" "unlocked"
}

case_4_a_PIN_that_must_be_changed_is_changed_by_telephone() {
    user denisesmith 60417385 -MustChange
    # 90 is too short; the second new PIN is taken.
    sign_in 2004 51302 60417385 "${to_new_PIN[@]}" 90# "${to_repeat[@]}" 90# \
        "${to_new_PIN[@]}" 90217463# "${to_repeat[@]}" 90217463# @admitted hang
    expect 2004 "Success sip:denisesmith@litwareinc.com" "changed and let in"
    played 2004 vm-invalid-password
    played 2004 vm-passchanged
    sign_in 2014 51302 90217463 @admitted hang
    expect 2014 "Success sip:denisesmith@litwareinc.com" "the new PIN on the next call"
    sign_in 2024 51302 60417385 @vm-incorrect hang
    expect 2024 "HungUp" "the old one on the call after"
}

case_5_callers_may_hang_up_at_every_prompt() {
    start_pinward_of_languages
    called=701 dial 2010 "@$net/press-for-language" hang
    expect 2010 "HungUp" "at the language"
    dial 2005 @hello hang
    expect 2005 "HungUp" "at the greeting"
    dial 2009 @conf-getconfno hang
    expect 2009 "HungUp" "at the conference"
    dial 2006 @conf-getconfno 300 4711# "${to_number[@]}" hang
    expect 2006 "HungUp" "at the number"
    dial 2007 @conf-getconfno 300 4711# "${to_number[@]}" 51219# @confbridge-pin hang
    expect 2007 "HungUp" "at the PIN"
    dial 2008 @conf-getconfno 300 4711# "${to_number[@]}" 512~ hang
    expect 2008 "HungUp" "while keying"
}

# A Pinward that asks for a language, until the end of the case.
start_pinward_of_languages() {
    local log=$run/languages.$try.log folder=$run/languages.$try
    "$pinward" --data "$folder" init --sample >/dev/null
    sed "s/@RECORDINGS@/$net/" conf/languages.toml >"$folder/pinward.toml"
    PINWARD__ATTENDANT__WAIT="$patience seconds" in_net "$pinward" --data "$folder" serve >"$log" 2>&1 &
    until_true 300 "the Pinward of languages serves" ready_or_ended $! "$log"
    grep -q ' ready$' "$log" || fail "the Pinward of languages ended: $(tail -n 30 "$log")"
}
ready_or_ended() { grep -q ' ready$' "$2" || ! kill -0 "$1" 2>/dev/null; }

case_6_keys_are_forgiven_what_callers_do() {
    user mariagarcia 18723834
    dial 2019 @conf-getconfno 300 4711# "${to_number[@]}" '51*#' @conf-getconfno 300 4711# \
        "${to_number[@]}" 51310# "${to_PIN[@]}" 18723834# @admitted hang
    expect 2019 "Success sip:mariagarcia@litwareinc.com" "a star starts over"
    dial 2029 stay
    expect 2029 "NoInput" "silence"
}

case_7_a_PIN_past_its_lifetime_is_changed_by_telephone() {
    local policy=Monthly$try old=6041738$try new=9021746$try
    shell <<<"New-CsPinPolicy -Identity $policy -PINLifetime 30 -PINHistoryCount 1 | Out-Null
        Grant-CsPinPolicy -Identity 'litwareinc\petranovak' -PolicyName $policy"
    user petranovak $old
    # Nobody can wait for a month: the PIN is made older.
    python3 - "$data/pinward.db" petranovak 31 <<'PY'
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=60) as base:
    made = base.execute(
        "UPDATE pin SET set_at = set_at - ? * 86400000 WHERE user = (SELECT id FROM user WHERE sam_account_name = ?)",
        (int(sys.argv[3]), sys.argv[2]),
    )
    assert made.rowcount == 1, made.rowcount
PY
    sign_in 2043 51320 $old @vm-newpassword hang
    expect 2043 "HungUp" "at the question for a new PIN"
    sign_in 2044 51320 $old "${to_new_PIN[@]}" $new# @vm-reenterpassword hang
    expect 2044 "HungUp" "at the question for it once more"
    # Nothing was changed by them.
    sign_in 2040 51320 $old "${to_new_PIN[@]}" $new# "${to_repeat[@]}" $new# @admitted hang
    expect 2040 "Success sip:petranovak@litwareinc.com" "expired, changed and let in"
    played 2040 vm-passchanged
    sign_in 2041 51320 $new @admitted hang
    expect 2041 "Success sip:petranovak@litwareinc.com" "the new PIN on the next call"
    sign_in 2042 51320 $old @vm-incorrect hang
    expect 2042 "HungUp" "the old one on the call after"
}

# Half of them key the right PIN, half of them a wrong one. Those whose calls are spoiled call again.
case_8_fifty_calls_at_once_get_the_right_verdict() {
    local calls=$run/calls left=$run/left round
    shell <<<'Get-CsUser | Where-Object {$_.LineURI} | ForEach-Object { $_.LineURI + " " + $_.SipAddress }' >"$run/all"
    # An extension that several people have would be nobody's.
    sed -n 's/.*;ext=\([0-9]*\) \(sip:.*\)/\1 \2/p' "$run/all" | sort | uniq -u -w 5 | tail -n 25 >"$run/people"
    [[ $(wc -l <"$run/people") -eq 25 ]] || fail "25 people: $(head "$run/all")"
    sed 's/.* \(.*\)/Set-CsClientPin -Identity "\1" -Pin 604173852917 | Out-Null/' "$run/people" | shell
    awk '{ printf "%d %s 604173852917 Success %s\n%d %s 11223344 HungUp\n", 3000 + 2 * NR, $1, $2, 3001 + 2 * NR, $1 }' \
        "$run/people" >"$calls"
    for ((round = 1; round <= most_tries && (round == 1 || SECONDS < time_for_tries); round++)); do
        at_once "$round" <"$calls"
        judge "$round" <"$calls" >"$left"
        [[ -s $left ]] || break
        echo "!!! SPOILED, round $round of $most_tries: $(wc -l <"$left") calls, at load $(cut -d' ' -f1 /proc/loadavg)"
        cp "$left" "$calls"
    done
    [[ ! -s $left ]] || unproven "calls were spoiled in every round: $(cat "$calls")"
    echo "  25 admitted, each as themselves; 25 refused"
}

# Makes all of these calls at the same time.
at_once() { # round
    local caller extension pin verdict number file=$run/at-once.xml code=0
    local call=0 cue port
    local steps=(@conf-getconfno 300 4711# "${to_number[@]}" '[field1]#' "${to_PIN[@]}" '[field2]#')
    scenario "${steps[@]}" @verdict hang >"$file"
    port=$(next_port)
    echo SEQUENTIAL >"$file.csv"
    while read -r caller extension pin verdict; do
        number=$(number "$1$caller")
        echo "$number;$extension;$pin;" >>"$file.csv"
        entries 4711# "$extension#" "$pin#" >"$run/keyed.$number"
        [[ $verdict == Success* ]] && cue=@admitted || cue=@vm-incorrect
        cues "$port" $((call += 1)) "${steps[@]}" "$cue" >"$run/cues/$number"
    done
    in_net timeout 300 sipp 127.0.0.1:5060 -s 700 -sf "$file" -inf "$file.csv" -m $(($(wc -l <"$file.csv") - 1)) -r 50 \
        -rp 1000 -l 50 -i 127.0.0.1 -p "$port" -mp 40000 -cid_str "%u-$port" -aa -pause_msg_ign \
        -nostdin >"$file.out" 2>&1 || code=$?
    [[ $code -lt 2 ]] || spoiled "fifty telephones: $(tail -n 30 "$file.out")"
}

# Prints the calls that were spoiled.
judge() { # round
    local caller extension pin verdict code
    while read -r caller extension pin verdict; do
        code=0
        (expect "$1$caller" "$verdict" "$pin") >"$run/judged" 2>&1 || code=$?
        case $code in
        0) ;;
        "$try_again") echo "$caller $extension $pin $verdict" ;;
        *) cat "$run/judged" >&2; exit "$code" ;;
        esac
    done
}

case_9_where_Pinward_dies_the_dialplan_refuses() {
    user sujinkim 18723834
    dial 2020 @conf-getconfno 300 4711# "${to_number[@]}" 52091# stay &
    local caller=$!
    until_true 60 "the number is keyed" waiting_for_a_PIN
    kill_pinward
    wait $caller
    expect 2020 "Undecided" "killed in the middle of a call"
    played 2020 please-try-call-later
    dial 2021 stay
    expect 2021 "Away" "killed before a call"
    start_pinward
    sign_in 2022 52091 18723834 @admitted hang
    expect 2022 "Success sip:sujinkim@litwareinc.com" "started again"
}

waiting_for_a_PIN() {
    local channel
    channel=$(channel_from "$(number 2020)")
    [[ -n $channel ]] && grep -q "<$channel> Playing 'confbridge-pin" "$run/full"
}
