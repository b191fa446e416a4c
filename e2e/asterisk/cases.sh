# The calls. Each has a caller of its own, by whose number its verdict is found.
# shellcheck shell=bash

# Calls the attendant of conference 4711 and keys an extension and a PIN; then further steps.
sign_in() { # caller extension PIN steps…
    local caller=$1 extension=$2 pin=$3
    shift 3
    dial "$caller" 1500 4711# 1200 "$extension#" 1200 "$pin#" 1500 "$@"
}

# Gives a user of the sample company a PIN.
user() { # identity PIN [parameters of Set-CsClientPin]
    shell <<<"Set-CsClientPin -Identity \"$1\" -Pin $2 ${3:-} | Out-Null"
}

case_1_the_right_PIN_joins_the_conference_as_the_user() {
    user 'litwareinc\kenmyer' 18723834
    sign_in 2001 51219 18723834 8000 hang &
    local caller=$!
    until_true 60 "Ken is in the conference" in_conference 'Ken Myer'
    wait $caller
    expect 2001 "Success sip:kenmyer@litwareinc.com" "in the conference as Ken Myer"
}

in_conference() { # display name
    local channel
    channel=$(ask_asterisk 'confbridge list 4711' | grep -o 'PJSIP/gateway-[0-9a-f]*' | sed -n 1p)
    [[ -n $channel && $(ask_asterisk "core show channel $channel") == *"$1"* ]]
}

case_2_three_wrong_PINs_are_hung_up_politely() {
    sign_in 2002 51219 1111 2500 51219# 1200 2222# 2500 51219# 1200 3333# stay
    expect 2002 "Refused" "three wrong PINs"
    played 2002 vm-goodbye
    sign_in 2012 59999 1111 2500 59999# 1200 2222# 2500 59999# 1200 3333# stay
    expect 2012 "Refused" "nobody's extension, told alike"
}

# The last call of this number heard this sound.
played() { # caller sound
    local channel
    channel=$(channel_of "$1")
    grep -q "<$channel> Playing '$2" "$run/full" || fail "the caller $1 did not hear $2"
}

case_3_a_locked_PIN_is_refused() {
    user 'litwareinc\kenmyer' 18723834
    shell <<<'Lock-CsClientPin -Identity "litwareinc\kenmyer" | Out-Null'
    sign_in 2003 51219 18723834 hang
    # The same words as for a wrong PIN: the next question had begun when the caller hung up.
    expect 2003 "HungUp" "locked"
    played 2003 vm-incorrect
    shell <<<'Unlock-CsClientPin -Identity "litwareinc\kenmyer" | Out-Null'
    sign_in 2013 51219 18723834 1500 hang
    expect 2013 "Success sip:kenmyer@litwareinc.com" "unlocked"
}

case_4_a_PIN_that_must_be_changed_is_changed_by_telephone() {
    user 'litwareinc\kenmyer' 60417385 -MustChange
    # 90 is too short; the second new PIN is taken.
    sign_in 2004 51219 60417385 3000 90# 1200 90# 4000 90217463# 1200 90217463# 4000 hang
    expect 2004 "Success sip:kenmyer@litwareinc.com" "changed and let in"
    played 2004 vm-invalid-password
    played 2004 vm-passchanged
    sign_in 2014 51219 90217463 1500 hang
    expect 2014 "Success sip:kenmyer@litwareinc.com" "the new PIN on the next call"
    sign_in 2024 51219 60417385 hang
    expect 2024 "HungUp" "the old one on the call after"
}

case_5_callers_may_hang_up_at_every_prompt() {
    dial 2005 800 hang
    expect 2005 "HungUp" "at the greeting"
    dial 2006 1500 4711# 600 hang
    expect 2006 "HungUp" "at the number"
    dial 2007 1500 4711# 1200 51219# 600 hang
    expect 2007 "HungUp" "at the PIN"
    dial 2008 1500 4711# 1200 512~ hang
    expect 2008 "HungUp" "while keying"
}

case_6_keys_are_forgiven_what_callers_do() {
    user 'litwareinc\kenmyer' 18723834
    dial 2019 1500 4711# 1200 '51*#' 1500 4711# 1200 51219# 1200 18723834# 2500 hang
    expect 2019 "Success sip:kenmyer@litwareinc.com" "a star starts over"
    dial 2029 stay
    expect 2029 "NoInput" "silence"
}

case_7_where_Pinward_dies_the_dialplan_refuses() {
    local before
    before=$(wc -l <"$run/full")
    dial 2020 1500 4711# 1200 51219# stay &
    local caller=$!
    until_true 60 "the number is keyed" waiting_for_a_PIN
    kill -9 "$pinward_pid"
    wait "$pinward_pid" 2>/dev/null || true
    wait $caller
    expect 2020 "Undecided" "killed in the middle of a call"
    played 2020 please-try-call-later
    dial 2021 stay
    expect 2021 "Away" "killed before a call"
    start_pinward
    sign_in 2022 51219 18723834 1500 hang
    expect 2022 "Success sip:kenmyer@litwareinc.com" "started again"
}

waiting_for_a_PIN() {
    grep -q "Playing 'confbridge-pin" <(tail -n +"$((before + 1))" "$run/full")
}

# Half of them key the right PIN, half of them a wrong one.
case_8_fifty_calls_at_once_get_the_right_verdict() {
    local file=$run/fifty.xml
    shell <<<'Get-CsUser | Where-Object {$_.LineURI} | ForEach-Object { $_.LineURI + " " + $_.SipAddress }'
    # An extension that several people have would be nobody's.
    sed -n 's/.*;ext=\([0-9]*\) \(sip:.*\)/\1 \2/p' "$run/shell.out" | sort | uniq -u -w 5 | sed -n 1,25p >"$run/people"
    [[ $(wc -l <"$run/people") -eq 25 ]] || fail "25 people: $(head "$run/shell.out")"
    sed 's/.* \(.*\)/Set-CsClientPin -Identity "\1" -Pin 604173852917 | Out-Null/' "$run/people" | shell
    scenario 4000 4711# 2500 '[field1]#' 2500 '[field2]#' 15000 hang >"$file"
    {
        echo SEQUENTIAL
        local caller=3000 extension sip
        while read -r extension sip; do
            echo "$((caller += 1));$extension;604173852917;"
            echo "$((caller += 1));$extension;11223344;"
        done <"$run/people"
    } >"$file.csv"
    in_net timeout 400 sipp 127.0.0.1:5060 -sf "$file" -inf "$file.csv" -m 50 -r 50 -rp 1000 -l 50 -i 127.0.0.1 \
        -p "$(next_port)" -mp 40000 -nostdin >"$file.out" 2>&1 || fail "fifty telephones: $(tail -n 30 "$file.out")"
    caller=3000
    while read -r extension sip; do
        quietly expect $((caller += 1)) "Success $sip" "right"
        quietly expect $((caller += 1)) "HungUp" "wrong"
    done <"$run/people"
    echo "  25 admitted, each as themselves; 25 refused"
}

quietly() { "$@" >/dev/null; }

case_9_a_PIN_past_its_lifetime_is_changed_by_telephone() {
    shell <<<'Set-CsPinPolicy -Identity global -PINLifetime 30 -PINHistoryCount 1
        Set-CsPinPolicy -Identity site:Redmond -PINLifetime 30 -PINHistoryCount 1'
    user 'litwareinc\kenmyer' 60417385
    # Nobody can wait for a month: the PIN is made older.
    python3 - "$data/pinward.db" 31 <<'PY'
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=60) as base:
    base.execute("UPDATE pin SET set_at = set_at - ? * 86400000", (int(sys.argv[2]),))
PY
    sign_in 2040 51219 60417385 3000 90217463# 1200 90217463# 4000 hang
    expect 2040 "Success sip:kenmyer@litwareinc.com" "expired, changed and let in"
    played 2040 vm-passchanged
    sign_in 2041 51219 90217463 1500 hang
    expect 2041 "Success sip:kenmyer@litwareinc.com" "the new PIN on the next call"
    sign_in 2042 51219 60417385 hang
    expect 2042 "HungUp" "the old one on the call after"
}
