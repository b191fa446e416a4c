<#
    quarter.ps1 - what the telephony team of Litware does when a quarter begins

      1. brings the PIN policies of the sites, and those for single users, to what was decided
      2. grants the latter by what the directory says about people
      3. gives PINs to those in some departments who have none, and writes their letters
      4. gives the newcomers of the quarter a PIN that is only good for choosing another one
      5. locks PINs that have expired and that nobody renewed, and frees those that are locked out
      6. reports: which policies govern whom, which PINs are missing, locked or about to expire,
         who may set PINs, and what became of the report of the run before

    Run it in an empty folder:  pinward /path/to/quarter.ps1
    It can be run again: what is as it should be is left alone.
#>

# ---------------------------------------------------------------------------------------------
# Settings
# ---------------------------------------------------------------------------------------------

$started     = Get-Date
$quarter     = '{0}-Q{1}' -f $started.Year, [int](($started.Month + 1) / 3)
$departments = 'Finance', 'Legal'      # whose people must all have a PIN
$warnDays    = 30                      # PINs that expire within so many days are listed
$files       = @{
    Letters = "letters-$quarter.txt"
    Pins    = "pins-$quarter.csv"
    People  = "people-$quarter.csv"
    Cities  = "cities-$quarter.json"
    Report  = "report-$quarter.txt"
    Welcome = "welcome-$quarter.csv"
}

# What each site asks for. A site that is not here keeps what it has.
$sitePolicies = @{
    Redmond = @{ MinPasswordLength = 6; PINHistoryCount = 5; PINLifetime = 180 }
    Paris   = @{
        MinPasswordLength = 6
        PINHistoryCount   = 3
        PINLifetime       = 90
        Description       = 'Décision du 12 mars: six chiffres'
    }
    Dublin  = @{ MinPasswordLength = 7; MaximumLogonAttempts = 10 }
}

# Policies for single users, as the security board sent them.
$userPolicies = @'
Name,MinPasswordLength,PINHistoryCount,PINLifetime,Description
FinancePinPolicy,8,10,20,"Finance: everybody, wherever they sit"
ManagersPinPolicy,7,5,120,"Managers outside Finance"
DispatchersPinPolicy,6,0,0,"Shared desks, nothing to renew"
'@ | ConvertFrom-Csv

# Who gets which of them, as filters of the directory; nobody is in two of them.
$grants = @(
    @{ Policy = 'DispatchersPinPolicy'; Filter = 'Title=Dispatcher' }
    @{ Policy = 'ManagersPinPolicy';    Filter = '&(Title=Manager)(!(Department=Finance))' }
    @{ Policy = 'FinancePinPolicy';     Filter = 'Department=Finance' }
)

# People who begin this quarter, and for how many days their first PIN is good.
$newcomers = @"
Logon;Days
litwareinc\tomarcher;7
pilar.nobody@litwareinc.com;7
litwareinc\kenmyer;3
"@ | ConvertFrom-Csv -Delimiter ';'

$done = [ordered]@{
    Created  = 0
    Changed  = 0
    Granted  = 0
    Assigned = 0
    Welcomed = 0
    Locked   = 0
    Freed    = 0
}
$problems = @()

# ---------------------------------------------------------------------------------------------
# Before anything is changed: is it what we think it is?
# ---------------------------------------------------------------------------------------------

$sites   = Get-CsSite | ForEach-Object { $_.Identity -replace '^Site:' }
$unknown = $sitePolicies.Keys | Where-Object { $_ -notin $sites }
if ($unknown) {
    Write-Warning ("there is no site {0}; nothing was changed" -f ($unknown -join ', '))
    exit 2
}

foreach ($row in $userPolicies) {
    $length = [int]$row.MinPasswordLength
    if ($length -lt 4 -or $length -gt 24) {
        $problems += "$($row.Name): a PIN has 4 to 24 digits, not $length"
    }
    elseif ([int]$row.PINLifetime -gt 0 -and [int]$row.PINHistoryCount -eq 0) {
        $problems += "$($row.Name): a lifetime needs a history"
    }
}
if ($problems) {
    $problems | ForEach-Object { Write-Warning $_ }
    exit 2
}

# ---------------------------------------------------------------------------------------------
# 1. Policies
# ---------------------------------------------------------------------------------------------

foreach ($site in $sitePolicies.Keys | Sort-Object) {
    $wanted   = $sitePolicies[$site]
    $identity = "site:$site"
    $current  = Get-CsPinPolicy -Filter $identity

    if ($null -eq $current) {
        New-CsPinPolicy -Identity $identity @wanted | Out-Null
        $done.Created++
        "created  $identity"
        continue
    }
    # Only what differs is worth a line in the audit log.
    $differs = $wanted.Keys | Where-Object { "$($current.$_)" -cne "$($wanted[$_])" }
    if ($differs) {
        Set-CsPinPolicy -Identity $identity @wanted
        $done.Changed++
        "changed  {0}: {1}" -f $identity, (($differs | Sort-Object) -join ', ')
    }
}

foreach ($row in $userPolicies) {
    $settings = @{
        Identity          = $row.Name
        Description       = $row.Description
        MinPasswordLength = [int]$row.MinPasswordLength
        PINHistoryCount   = [int]$row.PINHistoryCount
        PINLifetime       = [int]$row.PINLifetime
    }
    if (Get-CsPinPolicy -Filter "tag:$($row.Name)") {
        Set-CsPinPolicy @settings
    }
    else {
        New-CsPinPolicy @settings | Out-Null
        $done.Created++
        "created  tag:$($row.Name)"
    }
}

# ---------------------------------------------------------------------------------------------
# 2. Who gets which policy
# ---------------------------------------------------------------------------------------------

foreach ($grant in $grants) {
    $people = @(Get-CsUser -LdapFilter $grant.Filter |
        # Those who have it already are left alone.
        Where-Object { $_.PinPolicy -ne $grant.Policy })
    if ($people.Count -eq 0) { continue }

    $people | Grant-CsPinPolicy -PolicyName $grant.Policy
    $done.Granted += $people.Count
    'granted  {0,-22} {1,4:N0} people' -f $grant.Policy, $people.Count
}

# ---------------------------------------------------------------------------------------------
# 3. PINs and letters for those who have none
# ---------------------------------------------------------------------------------------------

$letter = @"
Litware, Inc.                                                conference PINs, $quarter

Dear {0},

your PIN for conferences is {1}. Use it with your extension {2}.
Please do not write it on the telephone: "everybody knows" is not a secret.

"@

$without = foreach ($department in $departments) {
    Get-CsUser -Filter { Department -eq $department } |
        Get-CsClientPinInfo |
        Where-Object { !$_.IsPinSet -and $_.LockState -eq 'None' }
}

if ($without) {
    # An error about one user is kept for the report; the others get their PINs.
    $carefully = @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = 'refused' }
    $assigned  = $without | Set-CsClientPin @carefully
    foreach ($problem in $refused) { $problems += "no PIN: $problem" }

    $assigned |
        Select-Object -Property Pin,
            @{ Name = 'Mail';   Expression = { $_.Identity -replace '^sip:' } },
            @{ Name = 'Digits'; Expression = { $_.Pin.Length } } |
        Export-Csv -Path $files.Pins -NoTypeInformation

    $assigned | ForEach-Object {
        $user = Get-CsUser -Identity $_.Identity
        $letter -f $user.DisplayName, $_.Pin, ($user.LineURI -split ';ext=')[-1]
    } | Out-File -FilePath $files.Letters

    $done.Assigned = @($assigned).Count
}

# ---------------------------------------------------------------------------------------------
# 4. Newcomers
# ---------------------------------------------------------------------------------------------

$welcomed = foreach ($newcomer in $newcomers) {
    # Whoever chose a PIN already keeps it; -not $? after an unknown name.
    $info = Get-CsClientPinInfo -Identity $newcomer.Logon -ErrorAction SilentlyContinue
    if (-not $?) {
        $problems += "newcomer $($newcomer.Logon) is not in the directory"
        continue
    }
    if ($info.IsPinSet) { continue }
    $first = Set-CsClientPin $newcomer.Logon -MustChange -ExpiresIn ([int]$newcomer.Days)
    [pscustomobject]@{
        Identity = $first.Identity
        Pin      = $first.Pin
        Until    = $started.AddDays([int]$newcomer.Days).ToString('yyyy-MM-dd')
    }
}
if ($welcomed) {
    $welcomed | Export-Csv -Path $files.Welcome -NoTypeInformation
    $done.Welcomed = @($welcomed).Count
}

# ---------------------------------------------------------------------------------------------
# 5. Expired and not renewed; locked out by slips of the finger
# ---------------------------------------------------------------------------------------------

$pins    = Get-CsUser | Get-CsClientPinInfo | Where-Object { $_.IsPinSet }
$expired = @($pins | Where-Object { $_.PinExpirationTime -lt $started -and -not $_.IsLockedOut })
if ($expired.Count -gt 0) {
    $expired | Lock-CsClientPin -Confirm:$false
    $done.Locked = $expired.Count
    'locked   ' + (($expired | ForEach-Object Identity | Sort-Object) -join ', ')
}

$lockedOut = @($pins | Where-Object LockState -eq Temporary)
if ($lockedOut) {
    $lockedOut | Unlock-CsClientPin
    $done.Freed = $lockedOut.Count
}

# ---------------------------------------------------------------------------------------------
# 6. The report
# ---------------------------------------------------------------------------------------------

# What the run before found, if there was one.
$before = @{}
foreach ($row in Import-Csv -Path $files.People -ErrorAction SilentlyContinue) {
    $before[$row.Account] = $row.HasPin -eq 'True'
}

$people = Get-CsUser | ForEach-Object {
    $info = Get-CsClientPinInfo -Identity $_.Identity
    [pscustomobject]@{
        Name       = $_.DisplayName
        Account    = $_.SamAccountName      # two people may have one name
        City       = $_.City
        Department = $_.Department
        Policy     = $info.EffectivePolicy
        HasPin     = $info.IsPinSet
        Locked     = $info.IsLockedOut
        Expires    = $info.PinExpirationTime
    }
}
$people | Sort-Object City, Name | Export-Csv -Path $files.People -NoTypeInformation

$cities = $people | Group-Object -Property City | Sort-Object -Property Count -Descending |
    Select-Object @{ Name = 'City';    Expression = 'Name' }, Count,
        @{ Name = 'Missing'; Expression = { @($_.Group | Where-Object { -not $_.HasPin }).Count } },
        @{ Name = 'Share';   Expression = {
                $group = $_.Group
                $with  = @($group | Where-Object HasPin).Count
                [double]('{0:F3}' -f ($with / $group.Count))
            } }
ConvertTo-Json -InputObject @($cities) -Depth 3 | Out-File -FilePath $files.Cities

$soon = $people | Where-Object {
    $_.HasPin -and $_.Expires -ne $null -and
    $_.Expires -ge $started -and $_.Expires -lt $started.AddDays($warnDays)
}

"PINs of Litware, $quarter`n" | Out-File -FilePath $files.Report
$cities | Format-Table -AutoSize | Out-File -FilePath $files.Report -Append
$people | Group-Object Policy -NoElement | Sort-Object Name |
    Format-Table @{ Label = 'Policy'; Expression = { $_.Name }; Width = 30 },
        @{ Label = 'Users'; Expression = { $_.Count }; Alignment = 'Right'; Width = 8 } |
    Out-File -FilePath $files.Report -Append
if ($soon) {
    "Within $warnDays days these expire: $(@($soon).Count)" | Out-File -FilePath $files.Report -Append
}

if ($before.Count -gt 0) {
    $new = $people | Where-Object { $_.HasPin -and -not $before[$_.Account] }
    "PINs since the report before: {0}" -f @($new).Count | Out-File $files.Report -Append
}

# Departments across, policies down: a table made by hand.
$byPolicy = $people | Group-Object Policy -AsHashTable
$columns  = $people.Department | Sort-Object -Unique
$lines = foreach ($policy in $byPolicy.Keys | Sort-Object) {
    $counts = foreach ($column in $columns) {
        @($byPolicy[$policy] | Where-Object Department -eq $column).Count
    }
    '{0,-28}{1}' -f $policy, (($counts | ForEach-Object { '{0,5}' -f $_ }) -join '')
}
$heads = ($columns | ForEach-Object { '{0,5}' -f $_.Substring(0, 4) }) -join ''
(' ' * 28 + $heads), $lines | Out-File -FilePath $files.Report -Append

$mayAssign = Get-CsAdminRole |
    Where-Object { $_.Cmdlets -contains 'Set-CsClientPin' } |
    Select-Object -ExpandProperty Identity
"Roles that assign PINs: $(($mayAssign | Sort-Object) -join ', ')" |
    Out-File -FilePath $files.Report -Append

# What was done, for whoever started it.
'-' * 40
foreach ($entry in $done.GetEnumerator()) {
    '{0,-10}{1,6}' -f $entry.Key, $entry.Value
}
if ($problems.Count -gt 0) {
    $problems | ForEach-Object { Write-Warning $_ }
    exit 1
}
