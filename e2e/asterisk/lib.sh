# What the cases of this suite are made of: an Asterisk, a Pinward, and telephones that key.
# shellcheck shell=bash

in_net() { ip netns exec "$net" "$@"; }

# Keys that come while Asterisk waits for a command are lost. Callers key and hang up by what they hear (cues.py), and
# take longer the busier the machine is now, and longer at each try, in hundredths of the pauses below. Pinward waits
# longer for each key than any pause is.
how_slowly() {
    for _ in 1 2 3 4 5; do
        sed -n 's/^procs_running //p' /proc/stat
        sleep 0.2
    done | awk -v cores="$(nproc)" -v try="$try" '{ sum += $1 }
        END { p = (100 + 50 * sum / NR / cores) * try; print int(p > 500 ? 500 : p) }'
}
patience=15
slowly() { echo $(($1 * pace / 100)); }

# A call is spoiled when Pinward was not told the keys that the caller pressed, or when something did not come within
# its time. Its case is tried again then, so often in all, while there is time (in seconds of the whole run); then it
# is not proven. A verdict on the right keys is final, and so is an admission that was not expected. What the dialplan
# did with one who was admitted is final too, and that a caller did not hear what was to be heard before hanging up.
most_tries=3
time_for_tries=1200
try_again=75
not_proven=76

# A network, a folder of Pinward with the sample company, and an Asterisk with the example's dialplan.
set_up() {
    net=pinward-$$
    run=$root/tmp/$net
    mkdir -p "$run/etc" "$run/cues"
    trap tear_down EXIT
    trap 'echo "!!! ended from outside, or out of time" >&2; exit 124' TERM INT
    ip netns add "$net"
    in_net ip link set lo up
    data=$run/data
    "$pinward" --data "$data" init --sample >/dev/null
    cat ../../examples/asterisk/pinward.toml >"$data/pinward.toml"
    for part in asterisk modules logger rtp cdr; do
        sed "s#@RUN@#/tmp/$net#" "conf/$part.conf" >"$run/etc/$part.conf"
    done
    cp ../../examples/asterisk/{pjsip,extensions,confbridge}.conf "$run/etc"
    cat conf/languages.conf >>"$run/etc/extensions.conf"
    # Recordings of its own, for all languages: a folder below the sounds that is called as the network.
    mkdir "$run/recordings"
    ln -s /usr/share/asterisk/sounds/en/vm-press.gsm "$run/recordings/press-for-language.gsm"
    ln -s "/tmp/$net/recordings" "$root/usr/share/asterisk/sounds/$net"
    start_pinward
    in_net chroot "$root" /usr/sbin/asterisk -f -C "/tmp/$net/etc/asterisk.conf" >"$run/asterisk.out" 2>&1 &
    # Its modules bring the commands; the debugging tells what Pinward is told.
    (until_true 300 "Asterisk starts" booted && until_true 120 "its modules are loaded" debugging) ||
        without "it did not start within its time: $(tail -n 3 "$run/asterisk.out")"
    in_net python3 cues.py "$run/full" "$run/cues" &
    ask_asterisk 'core show version' | sed -n 's/^\(Asterisk [^ ]*\) .*/\1/p'
}

booted() { [[ $(ask_asterisk 'core show uptime' 2>/dev/null) == *System* ]]; }
debugging() { ask_asterisk 'core waitfullybooted' >/dev/null && ask_asterisk 'agi set debug on' >/dev/null; }
ask_asterisk() {
    in_net timeout 60 chroot "$root" /usr/sbin/asterisk -C "/tmp/$net/etc/asterisk.conf" -rx "$1"
}

start_pinward() {
    : >"$run/pinward.log"
    PINWARD__ATTENDANT__WAIT="$patience seconds" \
        ip netns exec "$net" "$pinward" --data "$data" serve >"$run/pinward.log" 2>&1 &
    echo $! >"$run/pinward.pid"
    disown
    (until_true 300 "Pinward serves" serves_or_died)
    pinward_lives
}
serves_or_died() { grep -q ' ready$' "$run/pinward.log" || ! (pinward_lives) 2>/dev/null; }

# Where nobody killed it.
pinward_lives() {
    [[ ! -e $run/pinward.pid ]] || readlink -e "/proc/$(cat "$run/pinward.pid")/exe" >/dev/null ||
        fail "Pinward died: $(tail -n 30 "$run/pinward.log")"
}

kill_pinward() {
    local pid
    pid=$(cat "$run/pinward.pid")
    rm "$run/pinward.pid"
    kill -9 "$pid"
}

# Commands of the shell, on standard input: PINs are not for arguments.
shell() {
    local out
    out=$(mktemp -p "$run" XXXXXX.shell)
    "$pinward" --data "$data" >"$out" 2>&1 || fail "the shell says: $(cat "$out")"
    cat "$out"
}

descendants() {
    local child
    for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
        descendants "$child"
        echo "$child"
    done
}

# All that runs in the network was started here. An Asterisk that is just starting or is busy does not heed SIGTERM.
tear_down() {
    local code=$?
    set +e
    trap '' TERM INT
    local left
    left="$(descendants $$) $(ip netns pids "$net" 2>/dev/null)"
    # Some of them have ended by themselves.
    kill -9 $left 2>/dev/null
    wait 2>/dev/null
    ip netns del "$net" 2>/dev/null
    if [[ $code -ne 0 ]]; then
        echo "--- Pinward"; tail -n 30 "$run/pinward.log"
        echo "--- Asterisk"; grep -v -e 'Remote UNIX' -e 'AGI [TR]x' "$run/full" | tail -n 60
    fi
    rm -rf "$run" "$root/usr/share/asterisk/sounds/$net"
    exit "$code"
}

# Runs a case, again where a call was spoiled.
attempt() { # case [its first try]
    local code name=$1 first=${2:-1}
    for ((try = first; try <= most_tries && (try == first || SECONDS < time_for_tries); try++)); do
        echo "${name//_/ }"
        pace=$(how_slowly)
        [[ -e $run/pinward.pid ]] || start_pinward
        # In the background, since errors do not end what is part of a condition.
        (set -euo pipefail; trap end_calls EXIT; "case_$name") &
        code=0
        wait $! || code=$?
        # A case that killed it has started it again, or was spoiled.
        pinward_lives
        case $code in
        "$try_again") ;;
        "$not_proven") break ;;
        *) return "$code" ;;
        esac
        printf '!!! SPOILED, try %s of %s: case %s, at load %s\n' "$try" "$most_tries" "$name" "$(cut -d' ' -f1 /proc/loadavg)"
    done
    echo "!!! NOT PROVEN: case $name"
    echo "$name" >>"$run/unproven"
}

# No telephone of a try is left for the next one.
end_calls() {
    local code=$? self=$BASHPID pid served
    served=$(cat "$run/pinward.pid" 2>/dev/null || true)
    for pid in $(descendants "$self"); do
        [[ $pid == "$served" ]] || kill -9 "$pid" 2>/dev/null || true
    done
    exit "$code"
}

# Once more, when nothing else runs.
prove_the_rest() {
    local name
    [[ -s $run/unproven ]] || return 0
    mv "$run/unproven" "$run/rest"
    most_tries=$((most_tries + 1))
    while read -r name <&3; do
        attempt "$name" $most_tries
    done 3<"$run/rest"
}

# Where most were right, the others are named; a Pinward that never decides is not a slow machine.
tell_unproven() { # how many cases there were
    [[ -s $run/unproven ]] || return 0
    local line=!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!
    printf '\n%s\n!!! NOT PROVEN: this machine was too slow for these calls of a real Asterisk:\n' $line >&2
    sed 's/^/!!!   /; s/_/ /g' "$run/unproven" >&2
    printf '%s\n\n' $line >&2
    [[ $((2 * $(wc -l <"$run/unproven"))) -lt $1 ]] || fail "most cases came to no verdict"
}

# Cases of different users at a time: most of a call is waiting.
together() { # cases…
    local name code=0 pids=()
    for name in "$@"; do
        attempt "$name" >"$run/case.$name" 2>&1 &
        pids+=($!)
    done
    for name in "$@"; do
        wait "${pids[0]}" || code=$?
        pids=("${pids[@]:1}")
        cat "$run/case.$name"
    done
    return "$code"
}

unproven() { echo "not proven: $*" >&2; exit "$not_proven"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
spoiled() { echo "spoiled: $*" >&2; exit "$try_again"; }

until_true() { # seconds, what it is about, the command
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [[ $SECONDS -lt $end ]] || spoiled "not within time: $what"
        sleep 0.5
    done
}

# A scenario of sipp: `51219#` is keyed, a number is a pause in milliseconds, `@SOUND` waits until the caller hears this
# sound and `@admitted` for the conference; at the end `hang` hangs up and `stay` waits to be hung up.
scenario() { # steps…
    cat <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:[field0]@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=caller 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 0 96
a=rtpmap:0 PCMU/8000
a=rtpmap:96 telephone-event/8000
a=fmtp:96 0-16
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200" rrs="true"/>
<send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Contact: <sip:[field0]@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send>
XML
    local step cue=NOTIFY
    for step in "$@"; do
        case $step in
        @*)
            [[ $cue == INFO ]] && cue=NOTIFY || cue=INFO
            echo "<recv request=\"$cue\" timeout=\"90000\"/>"
            ;;
        hang)
            cat <<'XML'
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
XML
            ;;
        stay)
            cat <<'XML'
<recv request="BYE" timeout="120000"/>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
XML
            ;;
        *[#~])
            local keys=${step%\~}
            echo "<nop><action><exec play_dtmf=\"$keys\"/></action></nop>"
            echo "<pause milliseconds=\"$((${#keys} * 350))\"/>"
            ;;
        *) echo "<pause milliseconds=\"$(slowly "$step")\"/>" ;;
        esac
    done
    echo '</scenario>'
}

# A caller's number at this try: no try sees the calls of another.
number() { echo "$try$1"; }

# Calls once; the caller's number, then the steps. What is called is 700, or what `called` says.
dial() { # caller steps…
    local caller file port code=0
    caller=$(number "$1")
    shift
    file=$(mktemp -p "$run" XXXXXX.xml)
    scenario "$@" >"$file"
    printf 'SEQUENTIAL\n%s;\n' "$caller" >"$file.csv"
    entries "$@" >"$run/keyed.$caller"
    port=$(next_port)
    cues "$port" 1 "$@" >"$run/cues/$caller"
    in_net timeout 300 sipp 127.0.0.1:5060 -s "${called:-700}" -sf "$file" -inf "$file.csv" -m 1 -i 127.0.0.1 -p "$port" \
        -mp "$(next_port)" -cid_str "%u-$port" -aa -pause_msg_ign -nostdin >"$file.out" 2>&1 || code=$?
    # A call that Asterisk ends too early is judged by its verdict.
    [[ $code -lt 2 ]] || spoiled "the telephone of $caller: $(tail -n 20 "$file.out")"
}

# What a telephone waits for, as cues.py reads it.
cues() { # port number-of-the-call steps…
    local step
    echo "$1 $2-$1"
    shift 2
    for step in "$@"; do
        [[ $step != @* ]] || echo "${step#@}"
    done
}

# What a caller keys, of the steps of a scenario.
entries() {
    local step
    for step in "$@"; do
        [[ $step != *'#' ]] || printf %s "$step"
    done
}

# Cases run at the same time; each port is taken once.
next_port() {
    local port
    exec 9>"$run/port.lock"
    flock 9
    port=$(cat "$run/port" 2>/dev/null || echo 30000)
    echo $((port + 4)) >"$run/port"
    echo "$port"
}

# The verdict on the call of a number, as the dialplan saw it.
verdict() { sed -n "s/.*Pinward: call [0-9.]* of $1: //p" "$run/full" | tail -n 1 | sed 's/ *$//'; }

# The channel of the call of a number.
channel_of() {
    sed -n "s/.*Executing \[h@pinward:1\] Verbose(\"\(PJSIP[^\"]*\)\", \"1,Pinward: call [0-9.]* of $1:.*/\1/p" \
        "$run/full" | tail -n 1
}

# The same while the call goes on.
channel_from() { sed -n "s/.*<\(PJSIP[^>]*\)>AGI Tx >> agi_callerid: $1$/\1/p" "$run/full" | tail -n 1; }

# What Pinward was told of the keys in a call: entries as they were ended, by # or (~) by a time-out.
told() { # channel
    awk -v rx="<$1>AGI Rx << " -v tx="<$1>AGI Tx >> 200 result=" '
        (at = index($0, rx)) { command = substr($0, at + length(rx)) }
        (at = index($0, tx)) {
            rest = substr($0, at + length(tx))
            split(rest, words, /[ \r]/)
            result = words[1]
            if (result == "-1") next
            if (command ~ /^GET DATA/) {
                if (rest !~ /timeout/) all = all result "#"
                else if (result != "") all = all result "~"
            } else if (command ~ /^(STREAM FILE|SAY)/ && result + 0 > 0) all = all sprintf("%c", result + 0)
        }
        END { print all }' "$run/full"
}

# What the dialplan did last for a channel before the call ended, as `ConfBridge("PJSIP/…", "4711,…")`.
last_step() { # channel
    sed -n "s|.*Executing \[[^]h]*@pinward:[0-9]*\] \([A-Za-z]*(\"$1\".*\)|\1|p" "$run/full" | tail -n 1
}

# Who is admitted is in the conference until hanging up: nothing comes behind it for this caller.
expect_conference() { # caller channel
    local step
    step=$(last_step "$2")
    case $step in
    'ConfBridge("'"$2"'", "4711,'*) ;;
    # The dialplan did not come to act on the verdict.
    'AGI('*) spoiled "the caller $1 waited too long" ;;
    *) fail "the call of $1 was admitted and not brought into the conference, but to $step" ;;
    esac
}

# Who is to hang up has heard what there was to wait for; a telephone that waits in vain ends a call too, or Pinward does.
expect_heard() { # caller channel
    local sound
    sound=$(tail -n +2 "$run/cues/$1" | tail -n 1)
    grep -q "<$2> Playing '$sound[.']" "$run/full" || fail "the caller $1 did not hear $sound"
}

last_entry() { sed 's/[#~]$//; s/.*[#~]//' <<<"$1"; }

expect() { # caller verdict what-it-shows
    local caller channel got keyed heard
    caller=$(number "$1")
    until_true 90 "the call of $caller ends" eval "[[ -n \$(verdict $caller) ]]"
    got=$(verdict "$caller")
    channel=$(channel_of "$caller")
    keyed=$(cat "$run/keyed.$caller")
    heard=$(told "$channel")
    # Whatever was lost on the way, nobody is let in as another, or by a PIN that was not keyed.
    if [[ $got == Success* ]] && [[ $got != "$2" || $(last_entry "$heard") != "$(last_entry "$keyed")" ]]; then
        fail "the call of $caller ended with \"$got\", not \"$2\", after $heard of $keyed"
    fi
    if [[ $heard != "$keyed" ]]; then
        # What was keyed too late for a call that Pinward ended is no loss of keys.
        [[ $got != HungUp && $got != NoInput && $keyed == "$heard"* ]] ||
            spoiled "the call of $caller: Pinward was told $heard of $keyed, and it ended with \"$got\""
        fail "the call of $caller ended with \"$got\" after $heard of $keyed"
    fi
    [[ $2 != HungUp || ($got != HungUp && $got != NoInput) ]] || expect_heard "$caller" "$channel"
    # One who stayed too long for hanging up.
    [[ $2 != HungUp || $got != NoInput ]] || spoiled "the caller $caller hung up too late"
    # One who waited in vain for what was to come.
    [[ $2 == HungUp || $got != HungUp ]] || spoiled "the caller $caller waited too long"
    if [[ $got != "$2" ]]; then
        grep "$channel[^0-9]" "$run/full" >&2
        fail "the call of $caller ended with \"$got\", not \"$2\""
    fi
    [[ $got != Success* ]] || expect_conference "$caller" "$channel"
    echo "  $3: $got"
}
