BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $null = & "$PSScriptRoot/Import-Datamodels.ps1"
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"
    $learner = New-Learner -Hidden 16
    $data = Import-TrainingData "$TestDrive/small.csv" -TestSize 10 -Scaling UnitRange -ImageShape 8x8
    $run = $data | Start-SubsetTraining "$TestDrive/run" -Count 1000 -Learner $learner
    $datamodels = $run | Invoke-DatamodelFit
    $graph = $data | Start-SubsetTraining "$TestDrive/self" -Count 1000 -Learner $learner -TargetSet Train -Target (0..39) |
        Invoke-DatamodelFit | Get-DatamodelGraph
}

Describe 'The views of <_>' -ForEach @(
    'data', 'examples', 'learner', 'run', 'datamodels', 'ridge', 'means', 'predictions', 'influencers', 'weak', 'sets',
    'verified',
    'searched', 'relabelled', 'brittleness', 'distribution',
    'counterfactuals', 'agreement', 'effects', 'graph',
    'measure', 'growth', 'target measures', 'attributions', 'flips', 'embedding', 'points', 'edges', 'clustering'
) {
    BeforeAll {
        $shown = switch ($_) {
            data { $data }
            examples { $data | Get-TrainingExample 3, 5, 100 }
            learner { $learner }
            run { $run }
            datamodels { $datamodels }
            ridge { $run | Invoke-DatamodelFit -Method Ridge }
            means { $run | Invoke-DatamodelFit -Method DifferenceOfMeans }
            predictions { $datamodels[0, 1] | Get-DatamodelPrediction -Remove (0, 1), (2, 3, 4) }
            influencers { $datamodels | Get-Influencers -Top 2 }
            weak {
                $weak = $datamodels[0] | Get-Influencers -Top 1 -Sign Negative
                $weak.GetType().GetProperty('Weight').SetValue($weak, -1e-6)
                $weak
            }
            sets { $datamodels | Find-BrittleSet }
            verified { $datamodels | Find-BrittleSet | Select-Object -First 3 | Test-BrittleSet -RetrainingCount 2 }
            searched { $datamodels | Find-BrittleSet | Test-BrittleSet -Search -RetrainingCount 2 }
            relabelled { $datamodels | Find-BrittleSet -Mode Flip -RetrainingCount 2 }
            brittleness { $datamodels | Find-BrittleSet | Measure-BrittleSet }
            distribution {
                $datamodels | Find-BrittleSet | Test-BrittleSet -Search -RetrainingCount 2 | Measure-BrittleSet |
                    ForEach-Object Distribution
            }
            counterfactuals { $datamodels[0] | Invoke-Counterfactual -Size 5, 10 -RetrainingCount 2 }
            agreement { $datamodels[0] | Invoke-Counterfactual -Size 5, 10 -RetrainingCount 2 | Measure-Counterfactual }
            effects { $datamodels | Get-DatamodelEmbedding 2 | Test-EmbeddingComponent -RetrainingCount 2 }
            graph { $graph }
            measure { $datamodels | Measure-Datamodel -SubsetCount 5 -RetrainingCount 2 }
            growth { $datamodels | Measure-Datamodel -SubsetCount 5 -RetrainingCount 2 -ModelCount 500, 1000 }
            'target measures' { ($datamodels | Measure-Datamodel -SubsetCount 5 -RetrainingCount 2).TargetMeasures }
            attributions { $run | Compare-Attribution -SubsetCount 5 -RetrainingCount 2 -NetworkCount 2 }
            embedding { ($datamodels | Get-DatamodelEmbedding 2)[0].Embedding }
            points { ($datamodels | Get-DatamodelEmbedding 8)[0].Embedding.Points }
            edges { $graph.Edges }
            clustering { ($graph | Get-DatamodelCluster 3)[0].Clustering }
            flips { ($run | Compare-Attribution RandomSameClass -SubsetCount 5 -RetrainingCount 2).Flips }
        }
        $text = $shown | Out-String -Width 160
    }

    It 'has a line per object, none wider than the screen' {
        $lines = $text.Trim() -split '\r?\n'
        $lines.Count | Should -Be (@($shown).Count + 2)
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 160 }
    }

    It 'shows no type names and no long numbers' {
        $text | Should -Not -Match 'Datamodels\.|System\.'
        $text | Should -Not -Match '\d\.\d{7}'
        $text | Should -Not -Match '-\+'
    }

    It 'are lists of what there is to know as well, short and rounded' {
        $list = @($shown)[0] | Format-List | Out-String -Width 160
        $list | Should -Not -Match 'Datamodels\.|System\.'
        $list | Should -Not -Match '\d\.\d{7}'
        ($list.Trim() -split '\r?\n').Count | Should -BeIn (1..20)
        $list | Should -Match '(?m)^\w+ *: \S'
    }
}

Describe 'The tables of components and clusters' {
    It 'have the whole above the parts' {
        foreach ($shown in ($datamodels | Get-DatamodelEmbedding 3), ($graph | Get-DatamodelCluster 4)) {
            $lines = ($shown | Out-String -Width 200).Trim() -split '\r?\n'
            $lines[0] | Should -Match '^(Embedding: 10 targets, effective rank|Clustering: 4 clusters of 40 training examples)'
            $lines.Count | Should -Be ($shown.Count + 4)
            $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 200 }
            "$lines" | Should -Not -Match 'Datamodels\.|System\.|\d\.\d{7}'
        }
    }
}

Describe 'Tables on a screen of 80 columns' {
    It 'have headers of one line' {
        $verified = $datamodels | Find-BrittleSet -Mode Flip -RetrainingCount 2 | Test-BrittleSet -Search -RetrainingCount 2
        $counterfactuals = $datamodels[0, 1] | Invoke-Counterfactual -Size 5, 10 -RetrainingCount 2
        $components = $datamodels | Get-DatamodelEmbedding 3
        $tables = $verified, ($verified | Measure-BrittleSet), $counterfactuals, ($counterfactuals | Measure-Counterfactual),
            $components, ($components | Test-EmbeddingComponent -RetrainingCount 2), ($graph | Get-DatamodelCluster 3),
            ($datamodels | Find-DataLeak), ($datamodels | Measure-Datamodel -SubsetCount 5 -RetrainingCount 2)
        foreach ($table in $tables) {
            $lines = ($table | Out-String -Width 80).Trim() -split '\r?\n'
            $rule = 0..($lines.Count - 1) | Where-Object { $lines[$_] -match '^ *-+( +-+)+ *$' } | Select-Object -First 1
            # One line, and above it none, or an empty one below that of the group.
            $rule | Should -BeGreaterThan 0
            if ($rule -gt 1) { $lines[$rule - 2] | Should -BeNullOrEmpty }
        }
    }
}

Describe 'The table of runs on a narrow screen' {
    It 'tells runs with long paths apart' {
        $folder = "$TestDrive/a-study-that-has-a-rather-long-name-so-that-it-can-be-told-from-the-others"
        $text = 1, 2 | ForEach-Object { $data | Start-SubsetTraining "$folder/run-$_" -Count 5 -Learner $learner } |
            Out-String -Width 80
        $lines = $text.Trim() -split '\r?\n'
        $lines[0] | Should -BeLike '*Models*Done*State*Rate*Left*Path*'
        $lines[2] | Should -BeLike '*5*5*Complete*run-1*'
        $lines[3] | Should -BeLike '*5*5*Complete*run-2*'
    }
}

Describe 'The list of a datamodel' {
    It 'says what is predicted, and how it was fitted' {
        $text = $run | Invoke-DatamodelFit -Target 0 -Method Ridge | Format-List | Out-String
        $text | Should -Match 'Output\s+: Margin'
        $text | Should -Match 'Method\s+: Ridge'
    }
}

Describe 'Get-SubsetTraining' {
    It 'takes a run, to read again where it stands, as it takes a folder' {
        ($run | Get-SubsetTraining).Path | Should -Be $run.Path
        (Get-Item $run.Path | Get-SubsetTraining).Path | Should -Be $run.Path
        ($run.Path | Get-SubsetTraining).Path | Should -Be $run.Path
    }

    It 'leaves out what a wildcard matches that is no run' {
        Set-Content "$TestDrive/no-run.txt" 'x'
        (Get-SubsetTraining "$TestDrive/*").Path | Should -Contain $run.Path
        { Get-SubsetTraining "$TestDrive/no-*" -ErrorAction Stop } | Should -Throw '*none is what Get-SubsetTraining takes*' `
            -ErrorId 'PathNotFound,*'
    }
}

Describe 'Objects in other formats' {
    It 'gives JSON without the training set in it' {
        $json = $datamodels[0] | ConvertTo-Json -WarningAction SilentlyContinue
        $json.Length | Should -BeLessThan 20KB
        ($json | ConvertFrom-Json).Target | Should -Be 0
        ($json | ConvertFrom-Json).Weights.Count | Should -Be $datamodels[0].NonzeroCount
        foreach ($shown in $data, $run, ($datamodels[0] | Find-BrittleSet)) {
            ($shown | ConvertTo-Json -WarningAction SilentlyContinue).Length | Should -BeLessThan 20KB
        }
    }

    It 'gives CSV with one readable value in each column' {
        $measure = $datamodels | Measure-Datamodel -SubsetCount 5 -RetrainingCount 2
        $brittleness = $datamodels | Find-BrittleSet | Test-BrittleSet -RetrainingCount 2 | Measure-BrittleSet
        $components = $datamodels | Get-DatamodelEmbedding 2
        $shape = $components[0], $components[0].Embedding, $components[0].Embedding.Points[0], $graph, $graph.Edges[0],
            ($graph | Get-DatamodelCluster 3)[0], ($components | Test-EmbeddingComponent -RetrainingCount 2)[0]
        $others = $data, $learner, $run, $datamodels[0], ($datamodels[0] | Find-BrittleSet), $brittleness, $measure
        foreach ($shown in $shape + $others) {
            $shown | ConvertTo-Csv | Out-String | Should -Not -Match 'System\.|Datamodels\.\w+\.\w+|\{'
        }
    }
}

Describe 'Objects of several types in one stream' {
    It 'are shown without what a screen cannot take' {
        $text = $learner, $data, $run, $datamodels[0], $graph | Out-String
        $text | Should -Match '(?m)^NonzeroCount +: \d+'
        $text | Should -Not -Match '(?m)^(Weights|Spec|Train|Vertices|Edges) '
    }
}
