BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $module = & "$PSScriptRoot/Import-Datamodels.ps1"
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"
    $data = Import-TrainingData "$TestDrive/small.csv" -TestSize 20 -Scaling UnitRange
    $run = $data | Start-SubsetTraining "$TestDrive/run" -Count 500 -Learner (New-Learner -Hidden 16)
    $datamodels = $run | Invoke-DatamodelFit

    # The models of the run in a folder of their own, with what its margins become.
    function New-Store([string] $Name, [scriptblock] $Change) {
        $folder = (New-Item "$TestDrive/$Name" -ItemType Directory).FullName
        $rows = $run.ReadRows()
        $margins = [float[]]$rows.Outputs
        & $Change $margins $run.TargetCount
        $bytes = [byte[]]::new(4 * $margins.Length)
        [System.Buffer]::BlockCopy($margins, 0, $bytes, 0, $bytes.Length)
        & "$PSScriptRoot/Save-Array.ps1" "$folder/margins.npy" '<f4' $run.ModelCount, $run.TargetCount $bytes
        $masks = [byte[]]::new($run.ModelCount * $run.TrainCount)
        foreach ($i in 0..($run.ModelCount - 1)) {
            $mask = $rows.MaskOf($i)
            foreach ($j in 0..($run.TrainCount - 1)) { $masks[$i * $run.TrainCount + $j] = [byte]$mask[$j] }
        }

        & "$PSScriptRoot/Save-Array.ps1" "$folder/masks.npy" '|b1' $run.ModelCount, $run.TrainCount $masks
        Import-SubsetTraining $folder
    }

    # What a fit says in full, to compare two.
    function Get-Numbers($datamodels) {
        $datamodels | ForEach-Object {
            "$($_.Target) $($_.Bias) $($_.Lambda) $($_.HeldOutR2) $($_.DualityGap) $($_.KktResidual) $($_.Examples) $($_.Weights)"
        }
    }

    function Get-FitFile([string] $Path) { @(Get-ChildItem $Path -Recurse -File).Name }
}

Describe 'The methods of Invoke-DatamodelFit' {
    It 'are the lasso, ridge, least squares and the difference of means' {
        foreach ($method in 'Lasso', 'Ridge', 'LeastSquares', 'DifferenceOfMeans') {
            $fitted = $run | Invoke-DatamodelFit -Method $method -Target 3, 1
            $fitted.Target | Should -Be 3, 1
            $fitted.Method | Should -Be $method, $method
            $fitted.Converged | Should -Be $true, $true
            $fitted.Warning | Should -Be $null, $null
            ($null -ne $fitted[0].Lambda) | Should -Be ($method -in 'Lasso', 'Ridge')
            ($null -ne $fitted[0].HeldOutR2) | Should -Be ($method -in 'Lasso', 'Ridge')
            ($null -ne $fitted[0].DualityGap) | Should -Be ($method -eq 'Lasso')
            ($null -ne $fitted[0].KktResidual) | Should -Be ($method -ne 'DifferenceOfMeans')
            $fitted[0].NonzeroCount -eq $run.TrainCount | Should -Be ($method -ne 'Lasso')
        }
    }

    It 'choose lambda by folds where that is asked for, and fit an elastic net' {
        $folds = $run | Invoke-DatamodelFit -Fold 5 -Target 0
        $folds.Lambda | Should -Not -Be $datamodels[0].Lambda
        ($run | Invoke-DatamodelFit -Method Ridge -Fold 2 -Target 0).Lambda | Should -BeGreaterThan 0
        $net = $run | Invoke-DatamodelFit -L1Ratio 0.05 -Target 3
        $net.NonzeroCount | Should -BeGreaterThan $datamodels[3].NonzeroCount
    }

    It 'refuse a setting that they do not use: <Name>' -ForEach @(
        @{ Name = 'Epsilon'; Settings = @{ Method = 'Ridge'; Epsilon = 0.1 } }
        @{ Name = 'Patience'; Settings = @{ Method = 'Ridge'; Patience = 3 } }
        @{ Name = 'L1Ratio'; Settings = @{ Method = 'Ridge'; L1Ratio = 0.5 } }
        @{ Name = 'LambdaCount'; Settings = @{ Method = 'LeastSquares'; LambdaCount = 3 } }
        @{ Name = 'Folds'; Settings = @{ Method = 'LeastSquares'; Fold = 3 } }
        @{ Name = 'Tolerance'; Settings = @{ Method = 'DifferenceOfMeans'; Tolerance = 0.1 } }
        @{ Name = 'HeldOut'; Settings = @{ Fold = 5; HeldOut = 0.1 } }
    ) {
        { $run | Invoke-DatamodelFit @Settings } | Should -Throw "$Name of the fit is given*" -ErrorId 'FitOptionUnused,*'
    }

    It 'refuse what is out of range, and say what is in it' {
        { $run | Invoke-DatamodelFit -Fold 1 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { $run | Invoke-DatamodelFit -Fold 400 -ErrorAction Stop } | Should -Throw '*400*500*' -ErrorId 'TooFewModels,*'
        { $run | Invoke-DatamodelFit -Tolerance 1 -ErrorAction Stop } |
            Should -Throw '*Tolerance*1*(0, 1)*' -ErrorId 'FitOptionOutOfRange,*'
        { $run | Invoke-DatamodelFit -L1Ratio 0 -ErrorAction Stop } |
            Should -Throw '*L1Ratio*0*ridge*' -ErrorId 'FitOptionOutOfRange,*'
        { $run | Invoke-DatamodelFit -Target -1 -ErrorAction Stop } | Should -Throw '*-1*0 to 19*' -ErrorId 'TargetOutOfRange,*'
        { $run | Invoke-DatamodelFit -Target 3, 3 -ErrorAction Stop } | Should -Throw '*3*once*' -ErrorId 'TargetRepeated,*'
        $few = $data | Start-SubsetTraining "$TestDrive/few" -Count 100 -Learner (New-Learner -EpochCount 1)
        { $few | Invoke-DatamodelFit -Method LeastSquares -ErrorAction Stop } |
            Should -Throw '*100 models*280*' -ErrorId 'LeastSquaresUnderdetermined,*'
    }

    It 'keep to a memory limit, which changes no number, or say how much they need' {
        Copy-Item "$TestDrive/run" "$TestDrive/limited" -Recurse
        Remove-Item "$TestDrive/limited/fits" -Recurse
        $limited = Get-SubsetTraining "$TestDrive/limited"
        $limited | Invoke-DatamodelFit -MemoryLimit 1MB -ErrorVariable problem -ErrorAction SilentlyContinue |
            Should -BeNullOrEmpty
        $problem.FullyQualifiedErrorId | Should -BeLike 'MemoryLimitTooSmall,*'
        $problem.Exception.Message | Should -Match '1048576 bytes; 500 models of 280 .* at least (\d+) bytes'
        $enough = [long][regex]::Match($problem.Exception.Message, 'at least (\d+) bytes').Groups[1].Value
        Get-Numbers ($limited | Invoke-DatamodelFit -MemoryLimit $enough) | Should -Be (Get-Numbers $datamodels)
    }
}

Describe 'Targets that cannot be fitted' {
    BeforeAll {
        $store = New-Store 'spoiled' {
            param($margins, $targets)
            foreach ($i in 0..499) { $margins[$i * $targets + 4] = 2.5 }
            $margins[7 * $targets + 9] = [float]::NaN
            $margins[8 * $targets + 10] = [float]::PositiveInfinity
        }
    }

    It 'are errors of their own, and the others go on' {
        $fitted = $store | Invoke-DatamodelFit -ErrorVariable problems -ErrorAction SilentlyContinue
        $fitted.Target | Should -Be (@(0..3) + @(5..8) + @(11..19))
        Get-Numbers $fitted[0] | Should -Be (Get-Numbers $datamodels[0])
        $problems.TargetObject | Should -Be 4, 9, 10
        $problems.FullyQualifiedErrorId | ForEach-Object { $_ -replace ',.*' } |
            Should -Be 'MarginsConstant', 'MarginNotFinite', 'MarginNotFinite'
        $problems.CategoryInfo.Category | Should -Be InvalidData, InvalidData, InvalidData
        $problems[0].Exception.Message | Should -BeLike '*target 4 is 2.5 by every one of the 500 models*'
        $problems[1].Exception.Message | Should -BeLike '*target 9 by model 7 is NaN*'
        $problems[2].Exception.Message | Should -BeLike '*target 10 by model 8 is Infinity*'
    }

    It 'come in their turn, and end the fit where that is asked for' {
        $all = $store | Invoke-DatamodelFit -Target 3, 9, 1, 4 -ErrorAction Continue 2>&1
        $all | ForEach-Object { $_.TargetObject ?? $_.Target } | Should -Be 3, 9, 1, 4
        $script:fitted = @()
        { $store | Invoke-DatamodelFit -Target 3, 9, 1 -ErrorAction Stop | ForEach-Object { $script:fitted += $_.Target } } |
            Should -Throw '*target 9*' -ErrorId 'MarginNotFinite,*'
        $fitted | Should -Be 3
        $store | Invoke-DatamodelFit -Target 9, 4 -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems.TargetObject | Should -Be 9, 4
    }
}

Describe 'A fit that does not reach its tolerance' {
    It 'is warned of, on the stream and on the datamodel' {
        $fitted = $run | Invoke-DatamodelFit -Method Ridge -Tolerance 1e-17 -Target 2, 5 `
            -WarningVariable warned -WarningAction SilentlyContinue
        $warned.Count | Should -Be 2
        $fitted.Converged | Should -Be $false, $false
        $fitted[1].Warning.Target | Should -Be 5
        $fitted[1].Warning.Reached | Should -Be $fitted[1].KktResidual
        $fitted[1].Warning.Tolerance | Should -Be 1e-17
        "$($warned[1])" | Should -Be $fitted[1].Warning.Message
        "$($warned[1])" | Should -BeLike 'The fit of target 5 reached a KKT residual of *, not the 1.0e-17 asked for.*'
        $fitted[1] | Format-List | Out-String -Width 400 | Should -BeLike '*Method*Ridge*KktResidual*Warning*target 5*'
    }
}

Describe 'What a fit has done' {
    It 'is kept in the run, and given again at once' {
        Get-FitFile "$TestDrive/run/fits" | Should -Contain 'fit.yaml'
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript({
                param($module, $run)
                Import-Module $module
                $run | Invoke-DatamodelFit
            }).AddArgument($module).AddArgument($run)
            Get-Numbers $shell.Invoke() | Should -Be (Get-Numbers $datamodels)

            # Nothing was counted or fitted.
            $shell.Streams.Progress.Count | Should -Be 0
        } finally {
            $shell.Dispose()
        }
    }

    It 'goes on after a cut pipeline, to the same datamodels' {
        Copy-Item "$TestDrive/run" "$TestDrive/cut" -Recurse
        Remove-Item "$TestDrive/cut/fits" -Recurse
        $cut = Get-SubsetTraining "$TestDrive/cut"
        ($cut | Invoke-DatamodelFit | Select-Object -First 1).Target | Should -Be 0
        (Get-Item "$TestDrive/cut/fits/*/targets.log").Length | Should -BeGreaterThan 1KB
        Get-Numbers ($cut | Invoke-DatamodelFit) | Should -Be (Get-Numbers $datamodels)
    }

    It 'is there for another selection of targets, and not for other settings' {
        $before = Get-FitFile "$TestDrive/run/fits"
        Get-Numbers ($run | Invoke-DatamodelFit -Target 6, 2) | Should -Be (Get-Numbers $datamodels[6, 2])
        Get-FitFile "$TestDrive/run/fits" | Should -Be $before
        $null = $run | Invoke-DatamodelFit -Target 0 -HeldOut 0.3
        (Get-FitFile "$TestDrive/run/fits").Count | Should -Be ($before.Count + 2)
    }

    It 'is kept for imported models only where -FitPath says, and never in their folder' {
        $store = New-Store 'elsewhere' { }
        $said = $store | Invoke-DatamodelFit -Target 0 -Verbose 4>&1 | Out-String -Width 400
        $said | Should -BeLike '*The fit is not kept*FitPath*'
        $kept = $store | Invoke-DatamodelFit -FitPath "$TestDrive/kept" -Verbose 4>&1
        "$kept" | Should -Not -BeLike '*not kept*'
        Get-FitFile "$TestDrive/kept" | Should -Be 'fit.yaml', 'targets.log'
        Get-Numbers ($store | Invoke-DatamodelFit -FitPath "$TestDrive/kept") | Should -Be (Get-Numbers $datamodels)
        Get-FitFile $store.Path | Should -Be 'margins.npy', 'masks.npy'
    }

    It 'goes to -FitPath of a run too, from the current location of PowerShell; where it cannot, that is an error' {
        Push-Location $TestDrive
        try {
            $null = $run | Invoke-DatamodelFit -Target 1 -FitPath ./here
        } finally {
            Pop-Location
        }

        Get-FitFile "$TestDrive/here" | Should -Be 'fit.yaml', 'targets.log'
        Set-Content "$TestDrive/file" 'not a folder'
        { $run | Invoke-DatamodelFit -Target 1 -FitPath "$TestDrive/file" -ErrorAction Stop } |
            Should -Throw "*$TestDrive/file*" -ErrorId 'FitNotKept,*'
        { $run | Invoke-DatamodelFit -FitPath 'nowhere:x' } | Should -Throw -ErrorId 'PathNotFound,*'
    }

    It 'is fitted all the same where it cannot be kept, and -Verbose says why' {
        Copy-Item "$TestDrive/run" "$TestDrive/blocked" -Recurse
        Remove-Item "$TestDrive/blocked/fits" -Recurse
        Set-Content "$TestDrive/blocked/fits" 'not a folder'
        $said = Get-SubsetTraining "$TestDrive/blocked" | Invoke-DatamodelFit -Verbose 4>&1
        $messages, $fitted = $said.Where({ $_ -is [System.Management.Automation.VerboseRecord] }, 'Split')
        "$messages" | Should -BeLike '*The fit is not kept in*blocked*'
        Get-Numbers $fitted | Should -Be (Get-Numbers $datamodels)
    }

    It 'is not disturbed by another process that fits the same' {
        Copy-Item "$TestDrive/run" "$TestDrive/busy" -Recurse
        $log = (Get-Item "$TestDrive/busy/fits/*/targets.log" | Sort-Object Length | Select-Object -Last 1).FullName
        $bytes = Get-FileHash $log
        $held = [System.IO.File]::Open($log, 'Open', 'ReadWrite', 'None')
        try {
            $busy = Get-SubsetTraining "$TestDrive/busy"
            $said = $busy | Invoke-DatamodelFit -Verbose 4>&1
        } finally {
            $held.Dispose()
        }

        $messages, $fitted = $said.Where({ $_ -is [System.Management.Automation.VerboseRecord] }, 'Split')
        "$messages" | Should -BeLike '*The fit is not kept in*another process*'
        Get-Numbers $fitted | Should -Be (Get-Numbers $datamodels)
        (Get-FileHash $log).Hash | Should -Be $bytes.Hash
    }
}
