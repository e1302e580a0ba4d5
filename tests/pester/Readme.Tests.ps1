# What the README tells a user to type at a PowerShell prompt, typed, with small sizes.

BeforeDiscovery {
    $root = Split-Path (Split-Path $PSScriptRoot)
    $pages = @(Get-Item (Join-Path $root 'README.md')) + @(Get-ChildItem (Join-Path $root 'docs') -Filter *.md)
    $blocks = foreach ($page in $pages) {
        $number = 0
        foreach ($match in [regex]::Matches((Get-Content $page -Raw), '(?ms)^```powershell\r?\n(.*?)^```')) {
            $number++
            @{ Name = "$($page.Name), block $number"; Code = $match.Groups[1].Value }
        }
    }
}

Describe 'Commands of the documentation' {
    BeforeAll {
        $root = Split-Path (Split-Path $PSScriptRoot)
        $null = & (Join-Path $PSScriptRoot 'Import-Datamodels.ps1')
        $out = Join-Path $TestDrive 'out'
        New-Item $out -ItemType Directory | Out-Null
        Push-Location $root

        # The same experiment and the same commands on fewer targets and models, into a folder that goes away.
        $digits = Join-Path $root 'examples/digits'
        $experiment = Join-Path $TestDrive 'experiment.yaml'
        (Get-Content (Join-Path $digits 'experiment.yaml') -Raw) -creplace 'path: ', "path: $digits/" `
            -creplace '(?m)^output: .*', "output: $out/demo" -creplace 'testSize: \d+', 'testSize: 30' `
            -creplace '\bcount: \d+', 'count: 40' -creplace '\btargets: \d+', 'targets: 3' `
            -creplace '\bsubsets: \d+', 'subsets: 4' -creplace '\bretrainings: \d+', 'retrainings: 2' | Set-Content $experiment

        # A store of models that were trained elsewhere: the arrays of a run without what says that they are one.
        $store = New-Item "$out/store" -ItemType Directory
        $elsewhere = Import-TrainingData "$digits/digits.csv.gz" -TestSize 30 -Scaling UnitRange |
            Start-SubsetTraining "$TestDrive/elsewhere" -Count 40 -Learner (New-Learner -Epochs 2)
        Copy-Item "$($elsewhere.Path)/*.npy" $store

        function Small([string] $code) {
            $code -replace 'examples/digits/experiment\.yaml', $experiment -replace '\bout/', "$out/" `
                -replace '-TestSize \d+', '-TestSize 30' -replace '-Count \d+', '-Count 40' `
                -replace '-Retrainings \d+', '-Retrainings 2' -replace '-TargetSet Train', '-TargetSet Train -Target (0..39)'
        }
    }

    AfterAll { Pop-Location }

    # One after the other, as a reader goes: a later block uses the run of an earlier one.
    It 'run as they are written: <Name>' -ForEach $blocks {
        $ErrorActionPreference = 'Stop'
        { . ([scriptblock]::Create((Small $Code))) } | Should -Not -Throw
    }

    It 'the script of the demo runs' {
        $said = & examples/digits/demo.ps1 $experiment | Out-String
        $said | Should -Match '40 models of perceptron 32, 20 epochs'
        $said | Should -Match '30 datamodels'
    }

    It 'name every cmdlet of the module' {
        $readme = Get-Content README.md -Raw
        $named = [regex]::Matches($readme, '(?m)^\| `([A-Z][a-z]+-\w+)`') | ForEach-Object { $_.Groups[1].Value } | Sort-Object
        $named | Should -Be ((Get-Module Datamodels).ExportedCmdlets.Keys | Sort-Object)
    }
}
