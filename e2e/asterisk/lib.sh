# What the cases of this suite are made of: an Asterisk, a Pinward, and telephones that key.
# shellcheck shell=bash

in_net() { ip netns exec "$net" "$@"; }

# Keys that come while Asterisk waits for a command are lost, and on a busy machine commands come late: callers take
# longer the busier it is, in hundredths of the pauses below. Pinward waits longer for each key than any pause is.
pace=$(awk -v cores="$(nproc)" '{ p = 100 + 100 * $1 / cores; print int(p > 400 ? 400 : p) }' /proc/loadavg)
patience=15
slowly() { echo $(($1 * pace / 100)); }

# A network, a folder of Pinward with the sample company, and an Asterisk with the example's dialplan.
set_up() {
    net=pinward-$$
    run=$root/tmp/$net
    mkdir -p "$run/etc"
    trap tear_down EXIT
    ip netns add "$net"
    in_net ip link set lo up
    data=$run/data
    "$pinward" --data "$data" init --sample >/dev/null
    cat ../../examples/asterisk/pinward.toml >"$data/pinward.toml"
    for part in asterisk modules logger rtp cdr; do
        sed "s#@RUN@#/tmp/$net#" "conf/$part.conf" >"$run/etc/$part.conf"
    done
    cp ../../examples/asterisk/{pjsip,extensions,confbridge}.conf "$run/etc"
    start_pinward
    ip netns exec "$net" chroot "$root" /usr/sbin/asterisk -f -C "/tmp/$net/etc/asterisk.conf" >"$run/asterisk.out" 2>&1 &
    asterisk_pid=$!
    until_true 30 "Asterisk starts" booted
    ask_asterisk 'core show version' | sed -n 's/^\(Asterisk [^ ]*\) .*/\1/p'
}

booted() { [[ $(ask_asterisk 'core show uptime' 2>/dev/null) == *System* ]]; }
ask_asterisk() { in_net chroot "$root" /usr/sbin/asterisk -C "/tmp/$net/etc/asterisk.conf" -rx "$1"; }

start_pinward() {
    : >"$run/pinward.log"
    PINWARD__ATTENDANT__WAIT="$patience seconds" \
        ip netns exec "$net" "$pinward" --data "$data" serve >"$run/pinward.log" 2>&1 &
    pinward_pid=$!
    until_true 30 "Pinward serves" grep -q ready "$run/pinward.log"
}

# Commands of the shell, on standard input: PINs are not for arguments.
shell() { "$pinward" --data "$data" >"$run/shell.out" 2>&1 || fail "the shell says: $(cat "$run/shell.out")"; }

tear_down() {
    local code=$?
    set +e
    # An Asterisk that is just starting or is busy does not heed SIGTERM.
    [[ -n ${asterisk_pid:-} ]] && kill -9 "$asterisk_pid" 2>/dev/null && wait "$asterisk_pid" 2>/dev/null
    [[ -n ${pinward_pid:-} ]] && kill -9 "$pinward_pid" 2>/dev/null && wait "$pinward_pid" 2>/dev/null
    ip netns del "$net" 2>/dev/null
    if [[ $code -ne 0 ]]; then
        echo "--- Pinward"; tail -n 30 "$run/pinward.log"
        echo "--- Asterisk"; grep -v 'Remote UNIX' "$run/full" | tail -n 80
    fi
    rm -rf "$run"
    exit "$code"
}

fail() { echo "FAILED: $*" >&2; exit 1; }

until_true() { # seconds, what it is about, the command
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [[ $SECONDS -lt $end ]] || fail "not within time: $what"
        sleep 0.5
    done
}

# A scenario of sipp: `51219#` is keyed, a number is a pause in milliseconds; at the end `hang` hangs up and
# `stay` waits to be hung up.
scenario() { # steps…
    cat <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:700@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:700@[remote_ip]:[remote_port]>
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
    local step
    for step in "$@"; do
        case $step in
        hang)
            cat <<'XML'
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[call_number]
[last_To:]
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
<recv request="BYE" timeout="180000"/>
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

# Calls once; the caller's number, then the steps.
dial() { # caller steps…
    local caller=$1 file
    shift
    file=$(mktemp -p "$run" XXXXXX.xml)
    scenario "$@" >"$file"
    printf 'SEQUENTIAL\n%s;\n' "$caller" >"$file.csv"
    in_net timeout 300 sipp 127.0.0.1:5060 -sf "$file" -inf "$file.csv" -m 1 -i 127.0.0.1 \
        -p "$(next_port)" -mp "$(next_port)" -nostdin >"$file.out" 2>&1 ||
        fail "the telephone of $caller: $(tail -n 20 "$file.out")"
}

next_port() {
    local port
    port=$(cat "$run/port" 2>/dev/null || echo 30000)
    echo $((port + 4)) >"$run/port"
    echo "$port"
}

# The verdict on the last call of a number, as the dialplan saw it.
verdict() { sed -n "s/.*Pinward: call [0-9.]* of $1: //p" "$run/full" | tail -n 1 | sed 's/ *$//'; }

# The channel of the last call of a number.
channel_of() {
    sed -n "s/.*Executing \[h@pinward:1\] Verbose(\"\(PJSIP[^\"]*\)\", \"1,Pinward: call [0-9.]* of $1:.*/\1/p" \
        "$run/full" | tail -n 1
}

expect() { # caller verdict what-it-shows
    until_true 60 "the call of $1 ends" eval "[[ -n \$(verdict $1) ]]"
    local got
    got=$(verdict "$1")
    if [[ $got != "$2" ]]; then
        local channel
        channel=$(channel_of "$1")
        grep "$channel[^0-9]" "$run/full" >&2
        fail "the call of $1 ended with \"$got\", not \"$2\""
    fi
    echo "  $3: $got"
}
