# Measures one thing in a shell. $what, $endpoint, $segment and $module are set before.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$mapping = @{ 'personalEmail.address' = 'email'; 'person.name.firstName' = 'firstName'; 'person.name.lastName' = 'lastName'; 'b2b.companyName' = 'company' }
$to = @{ StaticList = 1021; Mapping = $mapping; PersonCreation = 'MatchExistingAndCreateMissing' }

function Connect([hashtable] $saving = @{}) {
    $secret = [securestring]::new(); foreach ($c in 'sandbox-secret'.ToCharArray()) { $secret.AppendChar($c) }
    Connect-MarketoLaunchpoint -Endpoint $endpoint -ClientId 'sandbox-client' -ClientSecret $secret -CallsPer20Seconds 100 -MaxConcurrency 10 @saving
}

# What an administrator would write: no pace, no outcome.
function Push-ByScript {
    $token = (Invoke-RestMethod "$($endpoint)identity/oauth/token" -Method Post -Body @{ grant_type = 'client_credentials'; client_id = 'sandbox-client'; client_secret = 'sandbox-secret' }).access_token
    $call = @{ Method = 'Post'; ContentType = 'application/json'; Headers = @{ Authorization = "Bearer $token" } }
    $batch = [System.Collections.Generic.List[object]]::new()
    function Send {
        $answer = Invoke-RestMethod "$($endpoint)rest/v1/leads.json" @call -Body (@{ action = 'createOrUpdate'; lookupField = 'email'; input = $batch } | ConvertTo-Json -Depth 4)
        $ids = @($answer.result | Where-Object id | ForEach-Object { @{ id = $_.id } })
        $null = Invoke-RestMethod "$($endpoint)rest/v1/lists/1021/leads.json" @call -Body (@{ input = $ids } | ConvertTo-Json -Depth 3)
        $batch.Clear()
    }
    Import-Csv $segment | ForEach-Object {
        $batch.Add(@{ email = $_.'personalEmail.address'; firstName = $_.'person.name.firstName'; lastName = $_.'person.name.lastName'; company = $_.'b2b.companyName' })
        if ($batch.Count -eq 300) { Send }
    }
    if ($batch.Count) { Send }
}

# Objects as a pipeline makes them, from the rows of the segment.
filter ConvertTo-Person {
    $cell = $_.Split(',', 4)
    [pscustomobject]@{ 'personalEmail.address' = $cell[0]; 'person.name.firstName' = $cell[1]; 'person.name.lastName' = $cell[2]; 'b2b.companyName' = $cell[3] }
}

if ($what -notin 'import-module', 'first-call') { Import-Module $module; Connect; $null = Get-MarketoStaticList }
if ($what -eq 'mirror-first') {
    Connect @{ SaveAs = 'Churn'; WarningAction = 'Ignore' }
    $null = New-SegmentDestination Churn -Account Churn -Mode Mirror @to
}
if ($what -eq 'first-call') { Import-Module $module }
$process = [System.Diagnostics.Process]::GetCurrentProcess()
$processor = $process.TotalProcessorTime; $idle = $process.WorkingSet64
$watch = [System.Diagnostics.Stopwatch]::StartNew()
switch ($what) {
    'import-module' { Import-Module $module }
    'first-call' { $null = Get-PushStatus }
    'script' { Push-ByScript }
    'file' { $push = Invoke-SegmentPush -Path $segment @to }
    'import-csv' { $push = Import-Csv $segment | Invoke-SegmentPush @to }
    'import-csv-null' { Import-Csv $segment | Out-Null }
    'objects' { $push = [System.IO.File]::ReadLines($segment) | ConvertTo-Person | Invoke-SegmentPush @to }
    { $_ -in 'mirror-first', 'mirror-again', 'mirror-doubt' } { $push = Invoke-SegmentPush -Destination Churn -Path $segment; if (-not $push.IsVerified) { throw 'The list was not proven.' } }
    'mirror-resync' { $push = Invoke-SegmentPush -Destination Churn -Path $segment -Resync; if (-not $push.IsVerified) { throw 'The list was not proven.' } }
    'objects-null' { [System.IO.File]::ReadLines($segment) | ConvertTo-Person | Out-Null }
}
$watch.Stop(); $process.Refresh()
$invariant = [cultureinfo]::InvariantCulture
'{{"Seconds":{0},"Processor":{1},"PeakMegabytes":{2},"Calls":{3}}}' -f $watch.Elapsed.TotalSeconds.ToString($invariant),
    ($process.TotalProcessorTime - $processor).TotalSeconds.ToString($invariant),
    (($process.PeakWorkingSet64 - $idle) / 1MB).ToString($invariant), [long] $push.Calls
